"""How time is cut for a metric."""

from typing import get_args

import pytest

from weft.core.metrics import METRICS, Interval, MetricType, cut
from weft.model.instants import format_ns, parse_instant

WEDNESDAY = "2026-01-07T15:30:00Z"


def ms(text: str) -> int:
    return parse_instant(text) // 1_000_000


@pytest.mark.parametrize(
    ("interval", "end", "starts"),
    [
        pytest.param("HOURLY", "2026-01-07T16:00:00Z", ["2026-01-07T15:00:00Z"], id="an end is not part of it"),
        pytest.param(
            "HOURLY", "2026-01-07T16:00:00.001Z", ["2026-01-07T15:00:00Z", "2026-01-07T16:00:00Z"], id="hours"
        ),
        pytest.param("DAILY", "2026-01-08T00:00:01Z", ["2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z"], id="days"),
        pytest.param("WEEKLY", "2026-01-12T00:00:01Z", ["2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z"], id="Mondays"),
        pytest.param("TOTAL", "2026-03-01T00:00:00Z", [WEDNESDAY], id="all in one"),
    ],
)
def test_time_is_cut(interval: Interval, end: str, starts: list[str]) -> None:
    buckets = cut(interval, ms(WEDNESDAY), ms(end))
    assert [format_ns(start * 1_000_000) for start in buckets.starts_ms()] == starts


def test_weeks_before_the_epoch_start_on_monday() -> None:
    assert cut("WEEKLY", -1, 1).origin_ms == ms("1969-12-29T00:00:00Z")


def test_every_type_of_metric_is_there() -> None:
    assert list(METRICS) == list(get_args(MetricType))
