"""The error family. A class states its status, its stable code and its message; raising it needs only the fields.

Every error here is *exposed*: its text is safe to show to a caller. Anything else that escapes a handler is a
surprise, is logged in full and reaches the caller as a generic 500. How an error looks on the wire is decided by
each API (`api/*/errors.py`), never here.
"""

from typing import ClassVar


class WeftError(Exception):
    """Base of the family. `fields` are the values named in `message`."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    message: ClassVar[str] = "Internal error"

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.message.format(**fields))


# 400: the request cannot be understood


class BadRequest(WeftError):
    status = 400
    code = "bad_request"
    message = "{reason}"


class MalformedJson(BadRequest):
    """The body, or a JSON document in a query parameter, is not JSON."""

    code = "malformed_json"
    message = "Unable to process JSON. {reason}"


class MalformedProtobuf(BadRequest):
    code = "malformed_protobuf"
    message = "Unable to process the protobuf message. {reason}"


class InvalidValue(BadRequest):
    """Well-formed JSON with a value of the wrong type or format (a bad UUID, instant or enum)."""

    code = "invalid_value"
    message = "Unable to process JSON. {reason}"


class InvalidParameter(BadRequest):
    """A query or path parameter of the wrong type or outside its range."""

    code = "invalid_parameter"
    message = "query param {name} {reason}"


class InvalidId(BadRequest):
    """An id that is a UUID but not of version 7. `entity` is the text before "id", e.g. `Trace`."""

    code = "invalid_id"
    message = "Invalid UUID for id"

    @property
    def details(self) -> str:
        return f"{self.fields['entity']} id must be a version 7 UUID"


class ProjectRequired(BadRequest):
    code = "project_required"
    message = "Either 'project_name' or 'project_id' query params must be provided"


class InvalidTimeWindow(BadRequest):
    code = "invalid_time_window"
    message = "Parameter 'from_time' must be before 'to_time'"


class InvalidInterval(BadRequest):
    code = "invalid_interval"
    message = "'start_time' must be before 'end_time'"


class TooManyPoints(BadRequest):
    """A metric over so much time in such small intervals that no chart could show it."""

    code = "too_many_points"
    message = "The time has {count} intervals; a metric is given for at most {limit}"


class InvalidFilters(BadRequest):
    code = "invalid_filters"
    message = "Invalid filters query parameter '{raw}'"


class InvalidFilterOperator(BadRequest):
    code = "invalid_filter_operator"
    message = "Invalid operator '{operator}' for field '{field}' of type '{type}'"


class InvalidFilterValue(BadRequest):
    code = "invalid_filter_value"
    message = "Invalid value '{value}' or key '{key}' for field '{field}' of type '{type}'"


class InvalidCustomKey(BadRequest):
    code = "invalid_custom_key"
    message = "Invalid key '{key}' for custom filter"


class InvalidSorting(BadRequest):
    code = "invalid_sorting"
    message = "Invalid sorting query parameter '{raw}'"


class InvalidExclude(BadRequest):
    code = "invalid_exclude"
    message = "Invalid exclude query parameter '{raw}'"


class InvalidBaseUrl(BadRequest):
    """`path`, the client's own base URL, which it sends in base64, cannot be read."""

    code = "invalid_base_url"
    message = "Invalid base URL format"


class InvalidSource(BadRequest):
    code = "invalid_source"
    message = "Invalid source '{source}'"


# 404, 405: not here


class NotFound(WeftError):
    """`entity` is the text before the id, e.g. `Trace id` or `Project name`."""

    status = 404
    code = "not_found"
    message = "{entity}: {id} not found"


class ThreadWithoutTraces(NotFound):
    """`ids` are the threads that cannot be closed, as they have no traces."""

    code = "thread_without_traces"
    message = "Thread '[{ids}]' not found:"


class ProjectNotFound(NotFound):
    """A project looked up on its own, not as the scope of something else."""

    code = "project_not_found"
    message = "Project not found"


class EnvironmentNotFound(NotFound):
    code = "environment_not_found"
    message = "Environment not found"


class FeedbackDefinitionNotFound(NotFound):
    code = "feedback_definition_not_found"
    message = "Feedback definition not found"


class ConfigurationNotFound(NotFound):
    """A workspace of which nothing has been set."""

    code = "configuration_not_found"
    message = "No workspace configuration found for workspace"


class BytesNotFound(NotFound):
    """An attachment that is known, but whose bytes are not in the attachment storage."""

    code = "bytes_not_found"
    message = "The content of this attachment is not there any more"


class RouteNotFound(NotFound):
    code = "route_not_found"
    message = "HTTP 404 Not Found"


class MethodNotAllowed(WeftError):
    status = 405
    code = "method_not_allowed"
    message = "HTTP 405 Method Not Allowed"

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = allowed
        super().__init__()


# 409: in conflict with what is stored


class Conflict(WeftError):
    status = 409
    code = "conflict"
    message = "{reason}"


class TraceExists(Conflict):
    code = "trace_exists"
    message = "Trace already exists"


class ProjectMismatch(Conflict):
    """An id that is already in another project. `entity` is `trace` or `span`."""

    code = "project_mismatch"
    message = "Project name and workspace name do not match the existing {entity}"


class SpanMismatch(Conflict):
    """A patch that names another trace or parent than the span has. `field` is the wire name."""

    code = "span_mismatch"
    message = "{field} does not match the existing span"


class ProjectExists(Conflict):
    code = "project_exists"
    message = "Project already exists"


class EnvironmentExists(Conflict):
    code = "environment_exists"
    message = "Environment with name '{name}' already exists in the workspace"


class EnvironmentLimitReached(Conflict):
    code = "environment_limit_reached"
    message = "Workspace already has the maximum of {limit} environments"


class FeedbackDefinitionExists(Conflict):
    code = "feedback_definition_exists"
    message = "Feedback already exists"


# 408, 413, 415, 416, 422: understood and refused


class BodyTooSlow(WeftError):
    status = 408
    code = "body_too_slow"
    message = "No part of the request body came for {seconds:g} s"


class BodyTooLarge(WeftError):
    status = 413
    code = "body_too_large"
    message = "The request body is larger than {limit} bytes"


class UnsupportedMediaType(WeftError):
    status = 415
    code = "unsupported_media_type"
    message = "Content-Type '{media_type}' is not supported; use {supported}"


class UnsupportedEncoding(WeftError):
    status = 415
    code = "unsupported_encoding"
    message = "Content-Encoding '{encoding}' is not supported; use gzip or none"


class RangeNotSatisfiable(WeftError):
    """`size` is the number of bytes there are."""

    status = 416
    code = "range_not_satisfiable"
    message = "The range is outside the {size} bytes that there are"

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(size=size)


class Invalid(WeftError):
    """Values that break a rule. Raise it with every violation found, not the first."""

    status = 422
    code = "invalid"
    message = "{violations}"

    def __init__(self, violations: list[str]) -> None:
        self.violations = violations
        super().__init__(violations="; ".join(violations))


class InvalidQuery(Invalid):
    """As Invalid, for rules on query parameters."""

    status = 400
    code = "invalid_query"


class TagLimitExceeded(WeftError):
    status = 422
    code = "tag_limit_exceeded"
    message = "Tag limit exceeded: maximum 50 tags per item"


# 5xx: our side


class NotImplementedByContract(WeftError):
    """An operation that the outside contract itself leaves unimplemented."""

    status = 501
    code = "not_implemented"
    message = "{operation} is not implemented"


class StoreUnavailable(WeftError):
    """The storage engine refused or failed; nothing of this request was written."""

    status = 503
    code = "store_unavailable"
    message = "The store is not available: {reason}"


class QueryTooExpensive(WeftError):
    """A query went over its time or memory limit and was stopped."""

    status = 503
    code = "query_too_expensive"
    message = "The query was stopped: {reason}"
