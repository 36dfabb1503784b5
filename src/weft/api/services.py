"""What handlers work with."""

from dataclasses import dataclass

from weft.agents.mcp import Mcp
from weft.agents.retention import Retention
from weft.agents.runs import Runs
from weft.agents.thread_states import ThreadStates
from weft.agents.warm_up import WarmUp
from weft.api.door import Door
from weft.api.limits import RateLimits
from weft.attachments.vault import Vault
from weft.registry import Registry
from weft.store.contract import Store


@dataclass(frozen=True, slots=True)
class Services:
    store: Store
    registry: Registry
    vault: Vault
    runs: Runs
    warm_up: WarmUp
    thread_states: ThreadStates
    mcp: Mcp
    retention: Retention
    door: Door
    limits: RateLimits
