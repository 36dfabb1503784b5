"""Ids that can be worked out again."""

from hashlib import sha256
from uuid import UUID

from tests.unit.core.otel.spans import CHILD, ROOT, START, TRACE, a_child, a_span
from weft.core.otel.ids import id_of, proposed_trace_ids, span_id_of, stated_id
from weft.model.ids import id_time_ms, is_version_7, new_id


def test_an_id_has_the_time_and_the_hash() -> None:
    id = id_of(TRACE, START // 1_000_000)
    hashed = sha256(bytes.fromhex(TRACE)).hexdigest()
    assert is_version_7(UUID(id))
    assert UUID(id).variant == "specified in RFC 4122"
    assert id_time_ms(id) == START // 1_000_000
    assert id.endswith(hashed[8:20])


def test_spans_have_the_time_of_their_trace() -> None:
    trace_id = new_id(5)
    assert id_time_ms(span_id_of(ROOT, trace_id)) == 5
    assert span_id_of(ROOT, trace_id) != span_id_of(CHILD, trace_id)


def test_a_trace_has_the_time_of_its_earliest_span() -> None:
    late = a_span(start_time=START + 5_000_000)
    assert proposed_trace_ids([late, a_child()]) == {TRACE: id_of(TRACE, START // 1_000_000)}


def test_a_root_that_states_a_trace_attaches_all_of_its_trace() -> None:
    id = new_id()
    root = a_span(attributes={"opik.trace_id": id.upper()})
    assert proposed_trace_ids([a_child(), root]) == {TRACE: id}


def test_only_ids_of_version_7_can_be_stated() -> None:
    for text in ("nonsense", "550e8400-e29b-41d4-a716-446655440000", 7, None):
        assert stated_id(a_span(attributes={"opik.trace_id": text}), "opik.trace_id") is None
