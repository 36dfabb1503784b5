"""Rate limits (Opik's contract, A.10)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from weft.api.auth import DEFAULT_CALLER, Caller
from weft.api.limits import ORDINARY, SPAN, USER, WORKSPACE, Bucket, RateLimits, buckets_of
from weft.api.opik.routes import ROUTES
from weft.errors import RateLimited

GRACE = Caller(DEFAULT_CALLER.workspace_id, DEFAULT_CALLER.workspace_name, "grace")
ELSEWHERE = Caller("elsewhere", "elsewhere", "admin")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def refused(limits: RateLimits, buckets: Sequence[Bucket], caller: Caller = DEFAULT_CALLER, cost: int = 1) -> bool:
    try:
        limits.take(buckets, caller, cost)
    except RateLimited:
        return True
    return False


def test_without_limits_nothing_is_counted() -> None:
    assert not RateLimits({}).counted(ORDINARY)
    RateLimits({}).take(ORDINARY, DEFAULT_CALLER, 10**9)


def test_a_bucket_fills_again_little_by_little() -> None:
    clock = Clock()
    limits = RateLimits({"workspace": 60}, clock)
    limits.take([WORKSPACE], DEFAULT_CALLER, 60)
    assert refused(limits, [WORKSPACE])
    clock.now += 10
    assert refused(limits, [WORKSPACE], cost=11)
    assert not refused(limits, [WORKSPACE], cost=10)
    clock.now += 10_000
    assert refused(limits, [WORKSPACE], cost=60) is False
    assert refused(limits, [WORKSPACE])


def test_a_batch_larger_than_the_bucket_waits_until_it_is_full_and_longer_afterwards() -> None:
    clock = Clock()
    limits = RateLimits({"workspace": 60}, clock)
    limits.take([WORKSPACE], DEFAULT_CALLER, 120)
    clock.now += 60
    assert refused(limits, [WORKSPACE])
    clock.now += 2
    assert not refused(limits, [WORKSPACE])


def test_users_and_workspaces_have_buckets_of_their_own() -> None:
    limits = RateLimits({"user": 1, "workspace": 2}, Clock())
    limits.take(ORDINARY, DEFAULT_CALLER, 1)
    assert refused(limits, ORDINARY)
    assert not refused(limits, ORDINARY, GRACE)
    assert refused(limits, [WORKSPACE], GRACE)
    assert not refused(limits, ORDINARY, ELSEWHERE)


def test_what_is_refused_takes_nothing_from_any_bucket() -> None:
    limits = RateLimits({"user": 1, "workspace": 2}, Clock())
    limits.take([USER], DEFAULT_CALLER, 1)
    assert refused(limits, ORDINARY)
    assert not refused(limits, [WORKSPACE], cost=2)


def test_headers_are_those_that_the_sdk_obeys() -> None:
    limits = RateLimits({"user": 100, "workspace": 60}, Clock())
    limits.take(ORDINARY, DEFAULT_CALLER, 60)
    with pytest.raises(RateLimited) as raised:
        limits.take(ORDINARY, DEFAULT_CALLER, 30)
    assert raised.value.headers == {
        "RateLimit-Reset": "30",
        "Retry-After": "30",
        "Opik-User-Limit": "general_events",
        "Opik-User-Remaining-Limit": "40",
        "Opik-User-Remaining-Limit-TTL-Millis": "36000",
        "Opik-Workspace-Limit": "workspace_events",
        "Opik-Workspace-Remaining-Limit": "0",
        "Opik-Workspace-Remaining-Limit-TTL-Millis": "60000",
    }
    assert str(raised.value).startswith("Too Many Requests: You have exceeded the rate limit for this user")


@pytest.mark.parametrize(
    ("operation", "names"),
    [
        ("POST /v1/private/traces", ["single_tracing_ops"]),
        ("PATCH /v1/private/spans/{id}", ["single_tracing_ops"]),
        ("POST /v1/private/traces/batch", ["general_events", "workspace_events"]),
        ("GET /v1/private/traces", ["get_traces"]),
        ("POST /v1/private/spans/search", ["search_spans"]),
        ("GET /v1/private/traces/stats", ["stats_traces"]),
        ("GET /v1/private/spans/exists", ["exists_spans"]),
        ("GET /v1/private/spans/{id}", [SPAN.name]),
        ("GET /v1/private/traces/{id}", []),
        ("POST /v1/private/traces/threads/search", []),
        ("GET /is-alive/ping", []),
    ],
)
def test_what_counts_for_what(operation: str, names: list[str]) -> None:
    (route,) = [route for route in ROUTES if f"{route.method} {route.path}" == operation]
    assert [bucket.name for bucket in buckets_of(route)] == names
