"""Names of time zones that clients send."""

import pytest

from weft.agents.timezones import known_timezone


@pytest.mark.parametrize(
    ("name", "zone"), [("Europe/Rome", "Europe/Rome"), (" Asia/Tokyo ", "Asia/Tokyo"), ("UTC", "UTC")]
)
def test_known(name: str, zone: str) -> None:
    assert known_timezone(name) == zone


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Atlantis", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000])
def test_others_are_utc(name: str) -> None:
    assert known_timezone(name) == "UTC"
