"""What became of each item of a request for many."""

from msgspec import Struct

from weft.errors import WeftError


class Outcome(Struct, frozen=True):
    """`error` is why the item of this id was left as it was; None if it was changed."""

    id: str
    error: WeftError | None = None
