import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.model.instants import MAX_NS, MIN_NS, format_ns, format_us, parse_any_instant, parse_instant

many = settings(derandomize=True, deadline=None)

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND  # 2023-11-14T22:13:20Z


@many
@given(st.integers(MIN_NS, MAX_NS))
def test_what_is_written_is_read_back_to_the_nanosecond(ns: int) -> None:
    assert parse_instant(format_ns(ns)) == ns


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (NOON, "2023-11-14T22:13:20Z"),
        (NOON + 5_000_000, "2023-11-14T22:13:20.005Z"),
        (NOON + 5_000, "2023-11-14T22:13:20.000005Z"),
        (NOON + 5, "2023-11-14T22:13:20.000000005Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (MIN_NS, "1677-09-21T00:12:43.145224192Z"),
        (MAX_NS, "2262-04-11T23:47:16.854775807Z"),
    ],
)
def test_written_with_as_many_digits_as_are_needed(ns: int, text: str) -> None:
    assert format_ns(ns) == text


def test_microseconds_are_written_the_same_way() -> None:
    assert format_us(1_700_000_000_000_005) == "2023-11-14T22:13:20.000005Z"


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20Z",
        "2023-11-14t22:13:20z",
        "2023-11-14 22:13:20+00:00",
        "2023-11-14T22:13:20.000-00:00",
        "2023-11-14T23:13:20+01:00",
        "2023-11-15T03:58:20,0+0545",
        "2023-11-14T10:13:20-12:00",
    ],
)
def test_one_instant_in_many_spellings(text: str) -> None:
    assert parse_instant(text) == NOON


def test_seconds_may_be_left_out() -> None:
    assert parse_instant("2023-11-14T22:13Z") == NOON - 20 * SECOND


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-11-14",
        "2023-11-14T22:13:20",
        "2023-11-14T22:13:20.Z",
        "2023-11-14T22:13:20.1234567890Z",
        "2023-13-14T22:13:20Z",
        "2023-02-29T00:00:00Z",
        "2023-11-14T24:13:20Z",
        "2023-11-14T22:60:20Z",
        "2023-11-14T22:13:20+25:00",
        " 2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20Z\n",
        "٢٠٢٣-11-14T22:13:20Z",
        "12023-11-14T22:13:20Z",
        "1700000000",
        "now",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z"])
def test_instants_beyond_64_bits_can_only_be_compared(text: str) -> None:
    assert not MIN_NS <= parse_any_instant(text) <= MAX_NS
    with pytest.raises(ValueError, match="outside the years 1678 to 2261"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_first_and_the_last_instant_can_be_compared_in_any_zone(text: str) -> None:
    assert not MIN_NS <= parse_any_instant(text) <= MAX_NS


@many
@given(st.integers(1, 9999), st.integers(1, 9999))
def test_years_keep_their_order(one: int, other: int) -> None:
    first, second = (parse_any_instant(f"{year:04d}-06-01T00:00:00Z") for year in (one, other))
    assert (first < second) == (one < other)
