"""What traces, spans or threads add up to: over all of a selection, or for each bucket of a stretch of time."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct, field


class Percentiles(Struct, frozen=True):
    p50: float
    p90: float
    p99: float


class Figures(Struct, frozen=True):
    """Figures of the rows of one bucket; those that were not asked for are as if there were nothing.

    Durations are ms and leave out what has not ended. `inputs`, `outputs`, `metadata` and `errors` count the rows that
    have one; `tags` is the mean number per row. The costs and numbers of spans are sums over the rows; `with_cost`
    counts the rows whose cost is above zero.
    """

    count: int = 0
    errors: int = 0
    duration: Percentiles | None = None
    average_duration: float | None = None
    inputs: int = 0
    outputs: int = 0
    metadata: int = 0
    tags: float = 0
    spans: int = 0
    llm_spans: int = 0
    threads: int = 0
    cost: Decimal = Decimal(0)
    with_cost: int = 0

    @property
    def mean_cost(self) -> Decimal:
        """Over the rows whose cost is above zero; zero if there are none."""
        return self.cost / self.with_cost if self.with_cost else Decimal(0)

    @property
    def error_rate(self) -> float | None:
        """In percent; None without rows."""
        return 100 * self.errors / self.count if self.count else None


class Total(Struct, frozen=True):
    """A sum and the number of rows that it is over, which is not zero."""

    sum: float
    count: int

    @property
    def mean(self) -> float:
        return self.sum / self.count


Totals = Mapping[str, Total]
"""By usage key or by score name, in order of these."""


class Stats(Struct, frozen=True):
    """Of a selection that is not empty. Usage and scores of a row are its own sum and its folded score (Opik's
    contract, E), those of a trace include its spans' usage; the totals are over the rows that have the key or name."""

    figures: Figures
    usage: Totals = field(default_factory=dict)
    scores: Totals = field(default_factory=dict)
    span_scores: Totals = field(default_factory=dict)
    guardrails_failed: int = 0


class Buckets(Struct, frozen=True):
    """A stretch of time cut into `count` pieces of one width. Times are ms since the epoch."""

    origin_ms: int
    width_ms: int
    count: int

    def starts_ms(self) -> Iterator[int]:
        for number in range(self.count):
            yield self.origin_ms + number * self.width_ms
