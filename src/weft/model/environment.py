"""Environments: where a trace or span ran, such as `production`."""

import re

from msgspec import Struct

NAME_PATTERN = "^[A-Za-z0-9_-]+$"
MAX_NAME = 150

_NAME = re.compile(NAME_PATTERN)


class Environment(Struct, frozen=True):
    """`position` is its place in a list. `created_at` and `last_updated_at` are microseconds since the epoch; nobody
    in particular created one that a trace or span named first."""

    id: str
    name: str
    description: str | None
    color: str | None
    position: int
    created_at: int
    last_updated_at: int
    created_by: str | None
    last_updated_by: str | None


class EnvironmentChanges(Struct, frozen=True):
    """What an update sets; None leaves a value as it is."""

    name: str | None = None
    description: str | None = None
    color: str | None = None
    position: int | None = None


def has_name_form(name: str) -> bool:
    """Opik's contract: letters, digits, `_` and `-`. Says nothing about the length."""
    return _NAME.fullmatch(name) is not None
