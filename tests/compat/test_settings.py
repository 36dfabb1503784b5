"""What is set once: feedback definitions and the configuration of the workspace, by the SDK's REST client."""

from uuid import uuid4

import httpx
import pytest
from opik import Opik
from opik.rest_api.core.api_error import ApiError
from opik.rest_api.types.boolean_feedback_detail_create import BooleanFeedbackDetailCreate
from opik.rest_api.types.categorical_feedback_detail_update import CategoricalFeedbackDetailUpdate
from opik.rest_api.types.feedback_create import FeedbackCreate_Boolean
from opik.rest_api.types.feedback_update import FeedbackUpdate_Categorical
from opik.url_helpers import get_project_url_by_trace_id


def test_feedback_definition(batching_client: Opik) -> None:
    definitions = batching_client.rest_client.feedback_definitions
    name = f"compat {uuid4()}"
    labels = BooleanFeedbackDetailCreate(true_label="Pass", false_label="Fail")
    definitions.create_feedback_definition(request=FeedbackCreate_Boolean(name=name, details=labels))

    (found,) = definitions.find_feedback_definitions(name=name, type="boolean").content or []
    assert (found.type, found.name, found.created_by) == ("boolean", name, "admin")

    categories = CategoricalFeedbackDetailUpdate(categories={"bad": 0, "good": 1})
    change = FeedbackUpdate_Categorical(name=name, details=categories)
    definitions.update_feedback_definition(str(found.id), request=change)
    changed = definitions.get_feedback_definition_by_id(str(found.id))
    assert changed.type == "categorical"
    assert changed.details is not None
    assert changed.details.categories == {"bad": 0, "good": 1}

    definitions.delete_feedback_definition_by_id(str(found.id))
    assert definitions.find_feedback_definitions(name=name).content == []


def test_configuration_of_the_workspace(batching_client: Opik) -> None:
    workspaces = batching_client.rest_client.workspaces
    put = workspaces.upsert_workspace_configuration(
        timeout_to_mark_thread_as_inactive="PT2H", color_map={"a": "#ff0000"}
    )
    assert workspaces.get_workspace_configuration() == put
    assert (put.timeout_to_mark_thread_as_inactive, put.color_map) == ("PT2H", {"a": "#ff0000"})

    workspaces.delete_workspace_configuration()
    with pytest.raises(ApiError) as error:
        workspaces.get_workspace_configuration()
    assert error.value.status_code == 404


def test_the_link_that_is_printed_leads_to_the_trace(batching_client: Opik) -> None:
    trace = batching_client.trace(name="request")
    assert batching_client.flush()
    link = get_project_url_by_trace_id(trace.id, batching_client.config.url_override)
    assert httpx.get(link, follow_redirects=True).url.path == f"/traces/{trace.id}"
