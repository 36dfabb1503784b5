"""For any records and any filter, each engine finds what the slow, obvious evaluator finds."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.reference.filters import Record, found, in_order, matches
from tests.reference.records import NUMBERS, TEXTS, a_trace_record, every_filter, trace_records
from weft.filters.compile import Fragment, compile_filters, compile_search, compile_sorting
from weft.filters.fields import SPANS, TRACES, FieldType, Noun
from weft.filters.operators import PREDICATES
from weft.filters.sorting import DIRECTIONS, Sort
from weft.filters.syntax import Filter, Operator
from weft.model.ids import new_id
from weft.store.engine import Engine, Rows, Transaction
from weft.store.statements import load_statements

WORKSPACE = "workspace"
TABLES = {TRACES: "traces", SPANS: "spans"}
SEARCHED = {
    TRACES: ["id", "name", "input", "output", "metadata", "error_info", "thread_id"],
    SPANS: ["id", "name", "input", "output", "metadata", "error_info", "model", "provider"],
}
QUERIES_AT_ONCE = 40
NOT_COLUMNS = ("scores", "comments", "spans", "checks")
STAMPS = {"created_at": 1, "last_updated_at": 1, "created_by": "admin", "last_updated_by": "admin"}
STATEMENTS = load_statements()

pytestmark = pytest.mark.asyncio(loop_scope="session")

each_noun = pytest.mark.parametrize("noun", [TRACES, SPANS], ids=["traces", "spans"])
a_few = settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Bench:
    """An engine to fill with records and to ask about them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._project_id = new_id()

    async def put(self, traces: Sequence[Record]) -> None:
        rows = dict(table_rows(traces, self._project_id))

        def put_all(transaction: Transaction) -> None:
            for table, lines in rows.items():
                transaction.put(table, lines, {})

        await self._engine.write(put_all)

    async def find(self, noun: Noun, conditions: Sequence[Fragment]) -> list[set[str]]:
        """For each condition, the ids of the rows that it is true of."""
        answers: list[set[str]] = [set() for _ in conditions]
        renamed = [with_own_parameters(number, condition) for number, condition in enumerate(conditions)]
        for start in range(0, len(renamed), QUERIES_AT_ONCE):
            chunk = list(enumerate(renamed[start : start + QUERIES_AT_ONCE], start))
            sql = " UNION ALL ".join(statement(noun, where.needs, where.sql, number) for number, where in chunk)
            params = {name: value for _, where in chunk for name, value in where.params.items()}
            for number, id in await self._read(sql, params):
                answers[number].add(id)
        return answers

    async def order(self, noun: Noun, order: Fragment) -> list[str]:
        sql = f"{statement(noun, order.needs)} ORDER BY {order.sql}"
        return [id for _, id in await self._read(sql, order.params)]

    async def _read(self, sql: str, params: Mapping[str, object]) -> Rows:
        scope = {"workspace_id": WORKSPACE, "project_id": self._project_id, "sort_key": ""}
        return await self._engine.read(sql, {**scope, **params})


def statement(noun: Noun, needs: frozenset[str], where: str = "true", number: int = 0) -> str:
    joins = " ".join(STATEMENTS[f"join_{name}"] for name in sorted(needs))
    where = re.sub(r"{(join_\w+)}", lambda match: STATEMENTS[match[1]], where)
    return (
        f"SELECT {number}, CAST(t.id AS VARCHAR) FROM {TABLES[noun]} AS t {joins}"
        f" WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {where}"
    )


def with_own_parameters(number: int, fragment: Fragment) -> Fragment:
    """The same condition with parameter names that no other has, so that many fit into one query."""
    names = {name: f"q{number}_{name}" for name in fragment.params}
    sql = re.sub(r"\$(\w+)", lambda match: f"${names.get(match[1], match[1])}", fragment.sql)
    return Fragment(sql, {names[name]: value for name, value in fragment.params.items()}, fragment.needs)


def table_rows(traces: Sequence[Record], project_id: str) -> Iterator[tuple[str, list[str]]]:
    spans = [span for trace in traces for span in trace["spans"]]
    scores = [
        {"entity_type": entity, "entity_id": record["id"], "author": f"author {place}"} | STAMPS | score
        for entity, records in (("trace", traces), ("span", spans))
        for record in records
        for place, score in enumerate(record["scores"])
    ]
    comments = [
        {"entity_type": entity, "entity_id": record["id"], "id": new_id(), "text": text} | STAMPS
        for entity, records in (("trace", traces), ("span", spans))
        for record in records
        for text in record["comments"]
    ]
    checks = [
        {"entity_id": trace["id"], "secondary_id": new_id(), "id": new_id(), "name": "PII", "result": result}
        for trace in traces
        for result in trace["checks"]
    ]
    for table, rows in (("traces", traces), ("spans", spans), ("feedback_scores", scores), ("comments", comments)):
        yield table, [stored({**STAMPS, **row}, project_id) for row in rows]
    yield "guardrails", [stored(check, project_id) for check in checks]


def stored(record: Record, project_id: str) -> str:
    columns = {name: value for name, value in record.items() if name not in NOT_COLUMNS and value is not None}
    return json.dumps(columns | {"workspace_id": WORKSPACE, "project_id": project_id}, default=str)


def records_of(noun: Noun, traces: Sequence[Record]) -> list[Record]:
    return list(traces) if noun is TRACES else [span for trace in traces for span in trace["spans"]]


@each_noun
@a_few
@given(st.data())
async def test_every_filter_finds_what_the_evaluator_finds(engine: Engine, noun: Noun, data: st.DataObject) -> None:
    traces = data.draw(trace_records())
    records = records_of(noun, traces)
    filters = data.draw(every_filter(noun, records))
    await check(engine, noun, traces, filters)


async def test_every_operator_of_a_dictionary_on_every_kind_of_node(engine: Engine) -> None:
    nodes = [*TEXTS, *NUMBERS, None, True, "", [], ["A"], {}, {"b": "A"}]
    traces = [a_trace_record(number, metadata=json.dumps({"a": node})) for number, node in enumerate(nodes)]
    operators = [operator for type, operator in PREDICATES if type is FieldType.DICTIONARY]
    numeric = (Operator.GREATER_THAN, Operator.LESS_THAN)
    await check(
        engine,
        TRACES,
        traces,
        [
            Filter("metadata", operator, "a", value)
            for operator in operators
            for value in ("0.5", "5", *(["a", "É", "null"] if operator not in numeric else []))
        ],
    )


async def check(engine: Engine, noun: Noun, traces: Sequence[Record], filters: Sequence[Filter]) -> None:
    bench = Bench(engine)
    await bench.put(traces)
    answers = await bench.find(noun, [compile_filters([filter], noun) for filter in filters])
    expected = [{r["id"] for r in records_of(noun, traces) if matches(filter, r, noun)} for filter in filters]
    wrong = [problem for problem in zip(filters, answers, expected, strict=True) if problem[1] != problem[2]]
    assert not wrong


@each_noun
@a_few
@given(trace_records())
async def test_search_finds_what_the_evaluator_finds(engine: Engine, noun: Noun, traces: list[Record]) -> None:
    bench = Bench(engine)
    await bench.put(traces)
    texts = [text for text in [*TEXTS, "7ABC-8000"] if text.strip()]
    expected = [{r["id"] for r in records_of(noun, traces) if found(text, r, SEARCHED[noun])} for text in texts]
    assert await bench.find(noun, [compile_search(text, noun) for text in texts]) == expected


@each_noun
@a_few
@given(trace_records())
async def test_every_sort_is_in_the_evaluators_order(engine: Engine, noun: Noun, traces: list[Record]) -> None:
    bench = Bench(engine)
    await bench.put(traces)
    for field in sort_fields(noun):
        for direction in DIRECTIONS:
            expected = [r["id"] for r in in_order(records_of(noun, traces), field, direction == "DESC")]
            order = compile_sorting(Sort(field, direction), noun)
            assert await bench.order(noun, order) == expected, (field, direction)


def sort_fields(noun: Noun) -> list[str]:
    """All but scores, whose folding for a sort is the store's."""
    names = [name.replace("usage.*", "usage.total_tokens") for name in noun.sortable]
    return [name for name in names if name != "feedback_scores.*"]
