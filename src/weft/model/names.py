"""Names that people give to things: what can be stored of them, and which spellings are the same name."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with U+FFFD for NUL and lone surrogates, which a database cannot hold."""
    return _UNSTORABLE.sub("\ufffd", text)


def tidy_name(name: str) -> str:
    return storable(name).strip()


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return tidy_name(name).casefold()
