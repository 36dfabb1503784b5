"""Many threads in one request (the contract, E)."""

from typing import Annotated

from msgspec import Meta, Struct

from weft.api.deepagents.wire.threads import AgentThreadUpdate

MAX_IDS = 50

# As they were sent: one that is no UUID fails alone.
ThreadIds = Annotated[list[str], Meta(max_length=MAX_IDS)]


class AgentThreadBulkModify(Struct, kw_only=True):
    thread_ids: ThreadIds
    data: AgentThreadUpdate


class AgentThreadBulkDelete(Struct, kw_only=True):
    thread_ids: ThreadIds
