"""Conditions that take the rows of some ids."""

from collections.abc import Sequence
from typing import NamedTuple


class Among(NamedTuple):
    """`gapless` ids are all that a project has from the last of them to the first, newest first. Rows between two ids
    need no join with a list, which takes as long to plan as all the rest; there may be more of them by now."""

    ids: Sequence[str]
    gapless: bool = False

    def condition(self, column: str) -> str:
        if self.gapless:
            return f"({column} >= weft_id($last_id) AND {column} <= weft_id($first_id))"
        return f"{column} IN (SELECT weft_each_id($ids))"

    @property
    def params(self) -> dict[str, object]:
        return {"ids": list(self.ids), "first_id": self.ids[0], "last_id": self.ids[-1]}
