"""Feedback definitions: what values a score of some name may have. A score needs none."""

from msgspec import Struct


class FeedbackDefinition(Struct, frozen=True):
    """`details` is JSON text whose shape goes with `type`: `numerical`, `categorical` or `boolean`. `created_at` and
    `last_updated_at` are microseconds since the epoch."""

    id: str
    name: str
    description: str | None
    type: str
    details: str
    created_at: int
    last_updated_at: int
    created_by: str
    last_updated_by: str


class FeedbackRule(Struct, frozen=True):
    """What a create or a replacement says of a definition."""

    name: str
    description: str | None
    type: str
    details: str
