"""The OpenAPI document of a route table, from the types that the handlers use."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any, get_args, get_origin

import msgspec

from weft.api.http.body import RawBody
from weft.api.http.call import Call
from weft.api.http.download import Download
from weft.api.http.endpoint import Endpoint
from weft.api.http.event_stream import EventStream
from weft.api.http.preferences import Preferred
from weft.api.http.query import struct_fields
from weft.api.http.replies import ENCODER, Content, Created, CreatedWith, Json, NoContent, Redirect, Stream
from weft.api.limits import buckets_of
from weft.errors import (
    BodyTooLarge,
    ForeignHost,
    Invalid,
    InvalidParameter,
    InvalidQuery,
    InvalidValue,
    MalformedJson,
    RateLimited,
    RouteNotFound,
    UnsupportedEncoding,
    WeftError,
)

Schema = dict[str, Any]

_REF = "#/components/schemas/{name}"
_BODY_ERRORS: tuple[type[WeftError], ...] = (MalformedJson, InvalidValue, BodyTooLarge, UnsupportedEncoding)
_RAW_BODY_ERRORS: tuple[type[WeftError], ...] = (BodyTooLarge, UnsupportedEncoding)
_TEXT: Schema = {"type": "string"}
_BINARY: Schema = {"type": "string", "format": "binary"}


class OpenApi:
    """The document is made when it is first asked for."""

    def __init__(self, endpoints: Iterable[Endpoint], version: str) -> None:
        self._endpoints = tuple(endpoints)
        self._version = version
        self._document: bytes | None = None

    async def page(self, call: Call) -> Content:
        if self._document is None:
            self._document = ENCODER.encode(describe(self._endpoints, self._version))
        return Content(self._document, "application/json")


def describe(endpoints: Iterable[Endpoint], version: str) -> Schema:
    schemas = _Schemas()
    paths: dict[str, Schema] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schemas)
        paths.setdefault(endpoint.route.path, {})[endpoint.route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Weft", "version": version},
        "servers": [{"url": "/"}, {"url": "/api"}],
        "paths": paths,
        "components": {"schemas": schemas.components},
    }


class _Schemas:
    """Gathers the components that schemas refer to."""

    def __init__(self) -> None:
        self.components: Schema = {}

    def of(self, type: Any) -> Schema:
        (schema,), components = msgspec.json.schema_components([type], ref_template=_REF)
        for name, component in _with_numbers(components).items():
            if self.components.setdefault(name, component) != component:
                raise ValueError(f"two types on the wire are called {name}")
        described: Schema = _with_numbers(schema)
        return described


def _with_numbers(schema: Any) -> Any:
    """msgspec describes decimals as text, but ours are JSON numbers."""
    if isinstance(schema, list):
        return [_with_numbers(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        schema = {**{key: value for key, value in schema.items() if key != "format"}, "type": "number"}
    return {key: _with_numbers(value) for key, value in schema.items()}


def _operation(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    route, signature = endpoint.route, endpoint.signature
    operation: Schema = {
        "operationId": getattr(route.handler, "__name__", route.path),
        "tags": [_tag(route.path)],
        "parameters": [
            *_path_parameters(signature.path, schemas),
            *_query_parameters(signature.query, schemas),
            *_header_parameters(signature.reply),
        ],
        "responses": {**_reply(endpoint, schemas), **_errors(endpoint, schemas)},
    }
    if summary := _summary(route.handler):
        operation["summary"] = summary
    if signature.body:
        operation["requestBody"] = {"required": True, "content": _body_content(endpoint, schemas)}
    return operation


def _body_content(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    if endpoint.signature.body is RawBody:
        return {"application/octet-stream": {"schema": _BINARY}}
    if endpoint.signature.body is bytes:
        return {name: {"schema": _media(type, schemas)} for name, type in endpoint.route.media_types}
    return {"application/json": {"schema": schemas.of(endpoint.signature.body)}}


def _media(type: type, schemas: _Schemas) -> Schema:
    return _BINARY if type is bytes else schemas.of(type)


def _tag(path: str) -> str:
    return re.sub(r"^/(v1/(private|deepagents)/)?", "", path).partition("/")[0]


def _summary(handler: Callable[..., Any]) -> str | None:
    return " ".join(handler.__doc__.split()) if handler.__doc__ else None


def _path_parameters(path: dict[str, type], schemas: _Schemas) -> Iterator[Schema]:
    for name, type in path.items():
        yield {"name": name, "in": "path", "required": True, "schema": schemas.of(type)}


def _query_parameters(query: Any, schemas: _Schemas) -> Iterator[Schema]:
    if query is None:
        return
    described = schemas.of(query)
    struct = schemas.components.pop(described["$ref"].rpartition("/")[2])
    for field in struct_fields(query):
        schema = struct["properties"][field.encode_name]
        yield {"name": field.encode_name, "in": "query", "required": field.required, "schema": schema}


def _header_parameters(reply: Any) -> Iterator[Schema]:
    if get_origin(reply) is Preferred:
        yield {"name": "Prefer", "in": "header", "required": False, "schema": {"type": "string"}}


def _reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    reply = endpoint.signature.reply
    describe_reply = _REPLIES[get_origin(reply) or reply]
    return describe_reply(endpoint, schemas)


def _json_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    (value,) = get_args(endpoint.signature.reply)
    content = {"application/json": {"schema": schemas.of(value)}}
    others = {
        str(status): {"description": HTTPStatus(status).phrase, "content": content}
        for status in endpoint.route.other_statuses
    }
    return {str(endpoint.route.status): {"description": "Success", "content": content}, **others}


def _created_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    location = {"description": "The URL of what was created", "schema": {"type": "string", "format": "uri"}}
    return {"201": {"description": "Created", "headers": {"Location": location}}}


def _created_with_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    (value,) = get_args(endpoint.signature.reply)
    replies = _created_reply(endpoint, schemas)
    replies["201"]["content"] = {"application/json": {"schema": schemas.of(value)}}
    return replies


def _no_content_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    return {"204": {"description": "Done"}}


def _redirect_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    location = {"description": "Where to look instead", "schema": {"type": "string", "format": "uri-reference"}}
    return {"302": {"description": "Found", "headers": {"Location": location}}}


def _preferred_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    applied = {"description": "`return=representation`, which `Prefer` asked for", "schema": {"type": "string"}}
    replies = _json_reply(endpoint, schemas)
    replies["200"]["headers"] = {"Preference-Applied": applied}
    return {**replies, **_no_content_reply(endpoint, schemas)}


def _bytes_reply(media_type: str, endpoint: Endpoint, schemas: _Schemas) -> Schema:
    return {"200": {"description": "Success", "content": {media_type: {"schema": _BINARY}}}}


def _event_stream_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    return {"200": {"description": "Events as they come", "content": {"text/event-stream": {"schema": _TEXT}}}}


def _content_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    return {"200": {"description": "Success", "content": {"*/*": {}}}}


def _download_reply(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    part = {"description": "The part that was asked for", "content": {"*/*": {"schema": _BINARY}}}
    return {**_bytes_reply("*/*", endpoint, schemas), "206": part, "304": {"description": "Not changed"}}


_REPLIES: dict[Any, Callable[[Endpoint, _Schemas], Schema]] = {
    Json: _json_reply,
    Created: _created_reply,
    CreatedWith: _created_with_reply,
    NoContent: _no_content_reply,
    Preferred: _preferred_reply,
    Redirect: _redirect_reply,
    Stream: partial(_bytes_reply, "application/octet-stream"),
    EventStream: _event_stream_reply,
    Content: _content_reply,
    Download: _download_reply,
}


def _errors(endpoint: Endpoint, schemas: _Schemas) -> Schema:
    shape_of = endpoint.api.shape_of
    by_status: dict[int, list[type[WeftError]]] = {}
    for error in dict.fromkeys((*_implied_errors(endpoint), *endpoint.route.errors)):
        by_status.setdefault(error.status, []).append(error)
    return {str(status): _error_reply(errors, schemas, shape_of) for status, errors in sorted(by_status.items())}


def _implied_errors(endpoint: Endpoint) -> Iterator[type[WeftError]]:
    signature = endpoint.signature
    yield ForeignHost
    if not endpoint.route.public:
        yield from (endpoint.api.entrance.no_key, endpoint.api.entrance.bad_key, endpoint.api.entrance.other_workspace)
    if buckets_of(endpoint.route):
        yield RateLimited
    if signature.path:
        yield RouteNotFound
    if signature.query:
        yield InvalidParameter
    if hasattr(signature.query, "violations"):
        yield InvalidQuery
    if signature.body:
        yield from _RAW_BODY_ERRORS if signature.body is RawBody else _BODY_ERRORS
    if hasattr(signature.body, "violations"):
        yield Invalid


def _error_reply(
    errors: list[type[WeftError]], schemas: _Schemas, shape_of: Callable[[type[WeftError]], type[msgspec.Struct]]
) -> Schema:
    shapes = [schemas.of(shape) for shape in dict.fromkeys(map(shape_of, errors))]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {
        "description": HTTPStatus(errors[0].status).phrase,
        "content": {"application/json": {"schema": schema}},
    }
