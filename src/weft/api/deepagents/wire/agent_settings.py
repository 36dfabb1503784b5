"""What an agent is told besides its files: who may use it, its model, where its tools work (the contract, C.2, C.4).

Each has the form in which it is stored, completed with defaults.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from weft.api.deepagents.wire.values import FreeObject
from weft.errors import InvalidValue

Scope = Literal["thread", "agent"]

# Names of all generations, each with what it is today and the scope that it implies.
BACKENDS: Mapping[str, tuple[str, Scope | None]] = {
    "state": ("state", None),
    "default": ("state", None),
    "sandbox": ("sandbox", None),
    "thread_scoped_sandbox": ("sandbox", "thread"),
    "agent_scoped_sandbox": ("sandbox", "agent"),
}


class SharedUsers(Struct):
    """Ids of users."""

    read: list[str] = []
    run: list[str] = []
    update: list[str] = []


class Permissions(Struct):
    identity: Literal["personal", "shared"] = "personal"
    visibility: Literal["tenant", "user"] = "tenant"
    tenant_access_level: Literal["read", "run", "write"] = "read"
    shared_users: SharedUsers = msgspec.field(default_factory=SharedUsers)

    @property
    def stored(self) -> FreeObject:
        return _builtins(self)


class SandboxConfig(Struct, omit_defaults=True):
    scope: Scope | None = None
    snapshot_id: str | None = None
    policy_ids: list[str] | None = None
    idle_ttl_seconds: int | None = None
    delete_after_stop_seconds: int | None = None


class Backend(Struct):
    """`sandbox` is the old name of `sandbox_config`."""

    type: Literal["state", "sandbox", "default", "thread_scoped_sandbox", "agent_scoped_sandbox"] = "state"
    sandbox_config: SandboxConfig | None = None
    sandbox: SandboxConfig | None = None

    @property
    def stored(self) -> FreeObject:
        type, scope = BACKENDS[self.type]
        if type == "state":
            return {"type": type}
        config = self.sandbox_config or self.sandbox or SandboxConfig()
        return {"type": type, "sandbox_config": _builtins(config) | {"scope": scope or config.scope or "thread"}}


def stored_runtime(runtime: FreeObject) -> FreeObject:
    """With the model's name where the contract has it, `model.model_id`: clients also send `model.id`, and a text.

    Raises InvalidValue.
    """
    model = runtime.get("model")
    if model is None:
        return runtime
    settings = {"model_id": model} if isinstance(model, str) else model
    id = settings.get("model_id", settings.get("id", "")) if isinstance(settings, dict) else None
    if not isinstance(id, str):
        raise InvalidValue(reason="`runtime.model` must be an object with the text `model_id`")
    return {**runtime, "model": {**settings, "model_id": id.strip()}}


def _builtins(settings: Struct) -> FreeObject:
    stored: dict[str, Any] = msgspec.to_builtins(settings)
    return stored
