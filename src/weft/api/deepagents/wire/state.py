"""States of threads on the wire, in the shape of LangGraph's Agent Server (the contract, D.7)."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from weft.api.deepagents.wire.values import FreeObject, check_depth

MAX_PAGE = 1000

Limit = Annotated[int, Meta(ge=1, le=MAX_PAGE)]


class StateUpdate(Struct, kw_only=True):
    values: Any = None
    as_node: str | None = None

    def __post_init__(self) -> None:
        check_depth(self.values, "values")


class StateUpdated(Struct):
    checkpoint: FreeObject


class HistoryQuery(Struct, kw_only=True):
    """`before` is the id of a checkpoint."""

    limit: Limit = 10
    before: str | None = None


class CheckpointPlace(Struct, kw_only=True):
    checkpoint_id: str | None = None


class CheckpointConfig(Struct, kw_only=True):
    configurable: CheckpointPlace | None = None


class HistoryBody(Struct, kw_only=True):
    """`before` is the id of a checkpoint, or a config that has it."""

    limit: Limit = 10
    before: str | CheckpointConfig | None = None

    @property
    def before_id(self) -> str | None:
        if isinstance(self.before, CheckpointConfig):
            return self.before.configurable.checkpoint_id if self.before.configurable else None
        return self.before
