"""What records add up to, told as plainly as Python can. Every engine must answer the same.

The answer is flat: `duration.p50`, `usage.total_tokens` and so on to a number. What there is nothing of is not there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import floor

from tests.reference.filters import Record, number_of
from weft.model.stats import Stats

Flat = dict[str, float]


def flat(stats: Stats) -> Flat:
    figures = stats.figures
    numbers = {name: getattr(figures, name) for name in figures.__struct_fields__ if name != "duration"}
    if figures.duration:
        numbers |= {f"duration.p{q}": getattr(figures.duration, f"p{q}") for q in (50, 90, 99)}
    for head in ("usage", "scores", "span_scores"):
        numbers |= {f"{head}.{key}": total.mean for key, total in getattr(stats, head).items()}
    numbers |= {f"{head}.count": len(getattr(stats, head)) for head in ("usage", "scores", "span_scores")}
    numbers["guardrails_failed"] = stats.guardrails_failed
    return {name: float(number) for name, number in numbers.items() if number is not None}


def trace_stats(traces: Sequence[Record]) -> Flat:
    spans = [span for trace in traces for span in trace["spans"]]
    own = _row_stats(traces) | {
        "spans": len(spans),
        "llm_spans": sum(span["type"] == "llm" for span in spans),
        "guardrails_failed": sum(trace["checks"].count("failed") for trace in traces),
        "threads": len({trace["thread_id"] for trace in traces if trace["thread_id"] is not None}),
    }
    through_spans = [{"scores": [score for span in trace["spans"] for score in span["scores"]]} for trace in traces]
    return own | _means("span_scores", map(folded_scores, through_spans))


def span_stats(spans: Sequence[Record]) -> Flat:
    of_traces = {"spans": 0, "llm_spans": 0, "threads": 0, "guardrails_failed": 0}
    return _row_stats(spans) | of_traces | _means("span_scores", [])


def percentile(values: Sequence[float], q: float) -> float:
    """Between the two values that the place falls between, in proportion."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def folded_scores(record: Record) -> Flat:
    values = defaultdict(list)
    for score in record["scores"]:
        values[score["name"]].append(score["value"])
    return {name: round(float(sum(group) / len(group)), 9) for name, group in values.items()}


def summed_usage(record: Record) -> Flat:
    sums: Flat = defaultdict(float)
    for span in record.get("spans", [record]):
        for key, value in span["usage"].items():
            sums[key] += value
    return sums


def _row_stats(records: Sequence[Record]) -> Flat:
    costs = [number_of(record, "total_estimated_cost") or 0 for record in records]
    durations = [ms for record in records if (ms := number_of(record, "duration")) is not None]
    stats = {
        "count": len(records),
        "errors": _present(records, "error_info"),
        "inputs": _present(records, "input"),
        "outputs": _present(records, "output"),
        "metadata": _present(records, "metadata"),
        "tags": sum(len(record["tags"]) for record in records) / len(records),
        "cost": sum(costs),
        "with_cost": sum(cost > 0 for cost in costs),
    }
    if durations:
        stats |= {f"duration.p{q}": percentile(durations, q / 100) for q in (50, 90, 99)}
        stats |= {"average_duration": sum(durations) / len(durations)}
    return stats | _means("usage", map(summed_usage, records)) | _means("scores", map(folded_scores, records))


def _present(records: Sequence[Record], field: str) -> int:
    return sum(record[field] is not None for record in records)


def _means(head: str, rows: Iterable[Mapping[str, float]]) -> Flat:
    values = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            values[name].append(value)
    return {f"{head}.{name}": sum(group) / len(group) for name, group in values.items()} | {
        f"{head}.count": len(values)
    }
