import pytest

from weft.model.durations import format_duration, parse_duration

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("PT1S", SECOND),
        ("PT0.5S", SECOND // 2),
        ("PT1,000000001S", SECOND + 1),
        ("pt15m", 900 * SECOND),
        ("P1DT2H3M4S", 93_784 * SECOND),
        ("PT0S", 0),
    ],
)
def test_read(text: str, ns: int) -> None:
    assert parse_duration(text) == ns


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "30M", "PT500MS", "P1Y", "-PT1S", "PT1M\n", "PT" + "9" * 99 + "S"]
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Text cannot be parsed to a Duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "PT0S"), (1, "PT1S"), (900, "PT15M"), (5400, "PT1H30M"), (604_800, "PT168H")]
)
def test_written(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text
    assert parse_duration(text) == seconds * SECOND
