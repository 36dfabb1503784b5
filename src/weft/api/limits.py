"""Rate limits (Opik's contract, A.10): how many items or requests a minute takes, by bucket. Kept in memory."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import NamedTuple

from weft.api.auth import Caller
from weft.api.http.route import Route
from weft.errors import RateLimited

PERIOD_S = 60.0
READING = ("GET", "HEAD")
READING_BY_POST = ("/auth", "/count", "/history", "/kpi-cards", "/metrics", "/retrieve", "/search")
KEPT = 10_000  # buckets, of those used last

_NOUNS = ("traces", "spans")


class Bucket(NamedTuple):
    """`header` and `name` are those of Opik; `of_user`: each user of a workspace has one of their own."""

    setting: str
    header: str
    name: str
    reason: str
    of_user: bool = False


USER = Bucket(
    "user",
    "User",
    "general_events",
    "You have exceeded the general rate limit for this user. Please try again later.",
    of_user=True,
)
WORKSPACE = Bucket(
    "workspace",
    "Workspace",
    "workspace_events",
    "You have exceeded the rate limit for this user in this workspace. Please try again later.",
)
SINGLE = Bucket(
    "single",
    "Single-Tracing-Ops",
    "single_tracing_ops",
    "You have exceeded the rate limit for single tracing operations. Please try again later.",
)
SPAN = Bucket(
    "span",
    "Get-Span-Id",
    "get_span_by_id",
    "You have exceeded the rate limit for this operation. Please try again later.",
)


def _reading(noun: str, what: str) -> Bucket:
    return Bucket("read", f"{what}-{noun}".title(), f"{what}_{noun}", SPAN.reason)


def _special() -> dict[tuple[str, str], Sequence[Bucket]]:
    """By method and path, where it is not a matter of reading or changing."""
    special: dict[tuple[str, str], Sequence[Bucket]] = {
        ("GET", "/v1/private/spans/{id}"): [SPAN],
        ("POST", "/v1/private/otel/v1/traces"): [],  # counts its spans once it has read them
    }
    for noun in _NOUNS:
        path = f"/v1/private/{noun}"
        special |= {("POST", path): [SINGLE], ("PATCH", path + "/{id}"): [SINGLE]}
        special |= {
            ("GET", path): [_reading(noun, "get")],
            ("POST", f"{path}/search"): [_reading(noun, "search")],
            ("GET", f"{path}/stats"): [_reading(noun, "stats")],
            ("GET", f"{path}/exists"): [_reading(noun, "exists")],
        }
    return special


SPECIAL = _special()


ORDINARY = (USER, WORKSPACE)


def buckets_of(route: Route) -> Sequence[Bucket]:
    """Opik's contract: what changes something counts for its user and the workspace; reading is mostly free."""
    free = route.public or route.method in READING or route.path.endswith(READING_BY_POST)
    return SPECIAL.get((route.method, route.path), () if free else ORDINARY)


@dataclass(slots=True)
class _Level:
    """Of a bucket that fills itself by `limit` in PERIOD_S. Who takes more at once than a full bucket holds waits
    longer afterwards, rather than for ever: `left` may be below 0."""

    limit: int
    left: float
    at: float

    def fill(self, now: float) -> None:
        self.left = min(float(self.limit), self.left + (now - self.at) * self.limit / PERIOD_S)
        self.at = now

    @property
    def full_in_s(self) -> float:
        return (self.limit - self.left) * PERIOD_S / self.limit

    def wait_s(self, cost: int) -> float:
        return max(0.0, (min(cost, self.limit) - self.left) * PERIOD_S / self.limit)


class RateLimits:
    """`limits` are those of a minute, by setting; a bucket without one is not counted."""

    def __init__(self, limits: Mapping[str, int], clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._levels: OrderedDict[tuple[str, ...], _Level] = OrderedDict()

    def counted(self, buckets: Sequence[Bucket]) -> Sequence[Bucket]:
        return [bucket for bucket in buckets if bucket.setting in self._limits]

    def take(self, buckets: Sequence[Bucket], caller: Caller, cost: int) -> None:
        """All of the buckets have it, or none is touched. Raises RateLimited."""
        counted = [(bucket, self._level(bucket, caller)) for bucket in self.counted(buckets)]
        short = [bucket for bucket, level in counted if level.wait_s(cost) > 0]
        if short:
            wait_s = max(level.wait_s(cost) for _, level in counted)
            raise RateLimited(short[0].reason, _headers(counted, wait_s))
        for _, level in counted:
            level.left -= cost

    def _level(self, bucket: Bucket, caller: Caller) -> _Level:
        key = (bucket.name, caller.workspace_id, caller.user_name if bucket.of_user else "")
        now, limit = self._clock(), self._limits[bucket.setting]
        level = self._levels.setdefault(key, _Level(limit, float(limit), now))
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT:
            self._levels.popitem(last=False)
        level.fill(now)
        return level


def _headers(counted: Sequence[tuple[Bucket, _Level]], wait_s: float) -> dict[str, str]:
    """Opik's contract: its SDK obeys the one header when it streams and the other when it tries again."""
    seconds = str(max(1, ceil(wait_s)))
    headers = {"RateLimit-Reset": seconds, "Retry-After": seconds}
    for bucket, level in counted:
        name = f"Opik-{bucket.header}"
        headers[f"{name}-Limit"] = bucket.name
        headers[f"{name}-Remaining-Limit"] = str(max(0, int(level.left)))
        headers[f"{name}-Remaining-Limit-TTL-Millis"] = str(ceil(level.full_in_s * 1000))
    return headers
