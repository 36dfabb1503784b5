"""Time zones that people are in."""

from zoneinfo import ZoneInfo

UTC = "UTC"


def known_timezone(name: str) -> str:
    """The contract (A.1): what is no IANA name is UTC."""
    try:
        return ZoneInfo(name.strip()).key
    except (LookupError, ValueError, OSError):
        return UTC
