"""Environments by the SDK's own methods, and by the first trace that names one."""

from uuid import uuid4

import pytest
from opik import Opik
from opik.exceptions import EnvironmentAlreadyExists


@pytest.fixture
def name() -> str:
    return f"compat-{uuid4()}"


def test_made_changed_and_deleted(batching_client: Opik, name: str) -> None:
    created = batching_client.create_environment(name, description="first", color="#abcdef")
    assert (created.name, created.description, created.color) == (name, "first", "#abcdef")
    assert created in batching_client.get_environments()

    updated = batching_client.update_environment(name, description="second")
    assert (updated.id, updated.description, updated.color) == (created.id, "second", "#abcdef")

    for _ in range(2):
        batching_client.delete_environment(name)
    assert name not in {environment.name for environment in batching_client.get_environments()}


def test_a_name_that_is_taken(batching_client: Opik, name: str) -> None:
    batching_client.create_environment(name)
    with pytest.raises(EnvironmentAlreadyExists):
        batching_client.create_environment(name)


def test_made_by_a_trace_and_again_after_its_deletion(batching_client: Opik, name: str) -> None:
    for _ in range(2):
        batching_client.trace(name="request", environment=name)
        assert batching_client.flush()
        assert name in {environment.name for environment in batching_client.get_environments()}
        batching_client.delete_environment(name)
