"""What became of each item of a request for many, on the wire."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from weft.model.outcome import Outcome


class BatchResult(Struct, kw_only=True, omit_defaults=True):
    id: str
    status: Literal["success", "failure"]
    error_code: str | None = None
    message: str | None = None


class BatchResults(Struct, kw_only=True):
    """In the order of the request; an id that it has twice is here twice."""

    results: list[BatchResult]


def batch_results(outcomes: Sequence[Outcome]) -> BatchResults:
    return BatchResults(results=[_result(outcome) for outcome in outcomes])


def _result(outcome: Outcome) -> BatchResult:
    if outcome.error is None:
        return BatchResult(id=outcome.id, status="success")
    return BatchResult(id=outcome.id, status="failure", error_code=outcome.error.code, message=str(outcome.error))
