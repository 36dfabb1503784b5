"""The API does what its OpenAPI document says, whatever is sent to it."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckContext
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from weft.api.deepagents.routes import DEEPAGENTS, HUB
from weft.api.opik.routes import OPIK
from weft.app import create_app, open_services
from weft.model.api_key import DEFAULT_USER
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID
from weft.settings import Settings

AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]


def no_server_error(context: CheckContext, response: Response, case: AnyCase) -> None:
    """But for what Opik itself does not implement."""
    assert response.status_code < 500 or response.status_code == 501


CHECKS = [
    no_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class Served:
    """The application, which opens its engines in the loop that its requests will run in, and a key to it."""

    key: str
    _app: ASGIApp

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, send)
            return
        await receive()
        async with open_services(self._settings) as services:
            _, self.key = await services.registry.api_keys.create(DEFAULT_WORKSPACE_ID, "", DEFAULT_USER)
            self._app = create_app(self._settings, services)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def answers_as_documented(operation: Operation, mode: GenerationMode, key: str, data: st.DataObject) -> None:
    case: AnyCase = data.draw(operation.as_strategy(generation_mode=mode))
    case.call_and_validate(checks=CHECKS, headers={"Authorization": key, "X-Api-Key": key})


def test_every_operation_answers_as_documented(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """One test, as the application is closed at the end of the test that opened it."""
    served = Served(Settings(data_dir=tmp_path))
    schema = schemathesis.openapi.from_asgi("/openapi.json", served)
    for route, mode in product((*OPIK.routes, *DEEPAGENTS.routes, *HUB.routes), GenerationMode):
        operation = schema[route.path][route.method]
        if mode is GenerationMode.POSITIVE or can_be_wrong(operation):
            with subtests.test(f"{route.method} {route.path} {mode.value}"):
                answers_as_documented(operation, mode, served.key)


def can_be_wrong(operation: Operation) -> bool:
    """Not if all it takes is any text in its path."""
    formats = ["format" in parameter.definition["schema"] for parameter in operation.path_parameters]
    return any((*formats, operation.query, operation.body))
