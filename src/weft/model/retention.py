"""How long what is recorded is kept: days, of each project or by default."""

from typing import NamedTuple

from msgspec import Struct

from weft.model.ids import first_id_at

FOR_GOOD = 0
MAX_DAYS = 36_500

_DAY_MS = 24 * 3600 * 1000


class ProjectRetention(Struct, frozen=True):
    """`days` are the project's own; None if it follows the default, 0 if it is kept for good."""

    workspace_id: str
    workspace_name: str
    project_id: str
    project_name: str
    days: int | None

    def days_or(self, default_days: int) -> int:
        return default_days if self.days is None else self.days


class Cutoff(NamedTuple):
    """What is of before this instant has been kept long enough."""

    ms: int

    @property
    def us(self) -> int:
        return self.ms * 1000

    @property
    def first_id(self) -> str:
        """Ids of traces below it are of before."""
        return first_id_at(self.ms)


class Expired(Struct, frozen=True, kw_only=True):
    """How much of a project is of before a cutoff. `bytes` are those of payloads and attachments."""

    traces: int = 0
    spans: int = 0
    threads: int = 0
    scores: int = 0
    comments: int = 0
    attachments: int = 0
    bytes: int = 0


class ExpiredOfProject(Struct, frozen=True):
    project: ProjectRetention
    days: int
    expired: Expired


class AgentRecord(NamedTuple):
    """A thread of an agent in which nothing goes on, or a run that has ended. An agent's traces are in the project of
    its name. `updated_at` is in microseconds since the epoch."""

    id: str
    workspace_id: str
    agent_name: str | None
    updated_at: int


def cutoff(days: int, now_ms: int) -> Cutoff | None:
    """None if everything is kept for good."""
    return None if days == FOR_GOOD else Cutoff(now_ms - days * _DAY_MS)
