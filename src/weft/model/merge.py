"""How creates and patches of one trace or span become one row, in whatever order they arrive.

The stock SDK sends a patch before the create it belongs to, so order of arrival must not decide what survives. Three
rules make creates and patches commute:

- a patched field wins over a created one: a row remembers in `patched` which fields a patch has set;
- among creates the greatest stamp wins whole: a row remembers it in `create_stamp`;
- tags that a patch adds or removes are kept as `tags_added` and `tags_removed`, to apply to what a create
  brings.
"""

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from weft.errors import TagLimitExceeded
from weft.model.span import Span
from weft.model.trace import Trace

Row = TypeVar("Row", Trace, Span)

MAX_TAGS = 50


class Patch(Struct, frozen=True):
    """A partial update: `values` maps columns to new values, never None. `at` is in microseconds since the epoch."""

    at: int
    by: str
    values: Mapping[str, object] = field(default_factory=dict)
    tags_to_add: tuple[str, ...] = ()
    tags_to_remove: tuple[str, ...] = ()

    def with_values(self, values: Mapping[str, object]) -> "Patch":
        """With these instead of, or besides, the values that it has."""
        return replace(self, values={**self.values, **values})


def payload_bytes(input: str | None, output: str | None, metadata: str | None) -> int:
    return len(input or "") + len(output or "") + len(metadata or "")


def merge_create(stored: Row | None, created: Row) -> Row:
    """The row after a create, given the row before it."""
    if stored is None:
        return created
    if stored.create_stamp is not None:
        assert created.create_stamp is not None
        if created.create_stamp < stored.create_stamp:
            return stored
    kept: dict[str, object] = {column: getattr(stored, column) for column in stored.patched}
    if "tags" not in kept:
        kept["tags"] = edited_tags(created.tags, stored.tags_added, stored.tags_removed)
    if stored.create_stamp is None:
        kept |= {"created_at": stored.created_at, "created_by": stored.created_by}
    if stored.last_updated_at > created.last_updated_at:
        kept |= {"last_updated_at": stored.last_updated_at, "last_updated_by": stored.last_updated_by}
    merged = replace(
        created, patched=stored.patched, tags_added=stored.tags_added, tags_removed=stored.tags_removed, **kept
    )
    return _sized(merged)


def merge_patch(stored: Row, patch: Patch) -> Row:
    """The row after a patch. A patch for what does not exist yet is merged into an empty row without a stamp.

    Raises TagLimitExceeded when tags are added and more than 50 would result (Opik's contract, B.5).
    """
    changes: dict[str, object] = dict(patch.values)
    changes["patched"] = sorted({*stored.patched, *patch.values})
    if patch.tags_to_add or patch.tags_to_remove:
        changes |= _tag_changes(stored, patch)
    elif "tags" in patch.values:
        changes |= {"tags_added": [], "tags_removed": []}
    changes |= {"last_updated_at": patch.at, "last_updated_by": patch.by}
    return _sized(replace(stored, **changes))


def with_payloads(row: Row, payloads: Mapping[str, str | None]) -> Row:
    """The row with other texts in some of `input`, `output` and `metadata`."""
    return _sized(replace(row, **payloads))


def edited_tags(tags: list[str], added: list[str], removed: list[str]) -> list[str]:
    """(tags - removed) + added, without repetition and in order of first mention."""
    return list(dict.fromkeys([tag for tag in tags if tag not in set(removed)] + added))


def _tag_changes(stored: Trace | Span, patch: Patch) -> dict[str, object]:
    add, remove = list(patch.tags_to_add), list(patch.tags_to_remove)
    tags = edited_tags(stored.tags, add, remove)
    if add and len(tags) > MAX_TAGS:
        raise TagLimitExceeded
    return {
        "tags": tags,
        "tags_added": edited_tags(stored.tags_added, add, remove),
        "tags_removed": edited_tags(stored.tags_removed, remove, []),  # an added tag is added all the same
    }


def _sized(row: Row) -> Row:
    size = payload_bytes(row.input, row.output, row.metadata)
    return row if size == row.payload_bytes else replace(row, payload_bytes=size)
