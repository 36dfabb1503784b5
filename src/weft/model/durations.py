"""Durations on the wire are ISO 8601 with days, hours, minutes and seconds: `P1DT2H`, `PT15M`."""

import re

_FORM = re.compile(
    r"P(?:(?P<days>\d{1,9})D)?"
    r"(?P<time>T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})(?:[.,](?P<fraction>\d{0,9}))?S)?)?",
    re.ASCII | re.IGNORECASE,
)
_SECONDS = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


def parse_duration(text: str) -> int:
    """Nanoseconds. Raises ValueError for any other text, and for a duration below zero."""
    form = _FORM.fullmatch(text)
    if form is None or not any(form[unit] for unit in _SECONDS) or form["time"] in ("T", "t"):
        raise ValueError("Text cannot be parsed to a Duration")
    seconds = sum(int(form[unit] or 0) * length for unit, length in _SECONDS.items())
    return seconds * 1_000_000_000 + int((form["fraction"] or "").ljust(9, "0"))


def format_duration(seconds: int) -> str:
    """Opik's contract: in hours, minutes and seconds, as Java prints it; a day is `PT24H`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count]
    return "PT" + ("".join(parts) or "0S")
