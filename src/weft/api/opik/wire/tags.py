"""Changes of tags, which traces, spans and threads have in common (Opik's contract, B.4, B.5)."""

from collections.abc import Mapping

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.values import blank
from weft.model.merge import MAX_TAGS, Patch

MAX_TAG = 100


class TagsUpdate(Struct, kw_only=True):
    """`tags` replaces all, unless one of the others is given."""

    tags: list[str] | None = None
    tags_to_add: list[str] | None = None
    tags_to_remove: list[str] | None = None

    def violations(self) -> list[str]:
        texts = [text for tags in (self.tags, self.tags_to_add, self.tags_to_remove) for text in _violations(tags)]
        return list(dict.fromkeys(texts))

    def tags_patch(self, caller: Caller, now: int, values: Mapping[str, object], merge_tags: bool) -> Patch:
        """A patch of the tags and of other values; with `merge_tags`, `tags` are added to what is there."""
        if self.tags_to_add is not None or self.tags_to_remove is not None:
            add, remove = tuple(self.tags_to_add or ()), tuple(self.tags_to_remove or ())
            return Patch(now, caller.user_name, values, add, remove)
        if self.tags is not None and merge_tags:
            return Patch(now, caller.user_name, values, tuple(self.tags))
        if self.tags is not None:
            values = {**values, "tags": list(dict.fromkeys(self.tags))}
        return Patch(now, caller.user_name, values)


def _violations(tags: list[str] | None) -> list[str]:
    rules = {
        f"Cannot have more than {MAX_TAGS} tags": len(tags or ()) > MAX_TAGS,
        "Tag must not be blank": any(blank(tag) for tag in tags or ()),
        f"Tag cannot exceed {MAX_TAG} characters": any(len(tag) > MAX_TAG for tag in tags or ()),
    }
    return [text for text, broken in rules.items() if broken]
