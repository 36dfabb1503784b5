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


class MissingField(InvalidValue):
    """A required field that is absent, or blank where that is no value. `reason` names it."""

    code = "missing_required_field"


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


class InvalidThreadId(BadRequest):
    code = "invalid_thread_id"
    message = "thread id must be a UUID"


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


class InvalidQueryText(BadRequest):
    """A `query` that cannot be read. `offset` counts characters from 0, `line` and `column` from 1; `allowed` is what
    could stand there, `excerpt` the line with a caret under the place."""

    code = "invalid_query_text"
    message = "Invalid query at line {line}, column {column}: {reason}"

    def __init__(
        self, *, line: int, column: int, reason: str, offset: int, excerpt: str, allowed: tuple[str, ...]
    ) -> None:
        super().__init__(line=line, column=column, reason=reason)
        self.offset, self.excerpt, self.allowed = offset, excerpt, allowed


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


class InvalidUpload(BadRequest):
    """Parts that make no file: one is missing, too small or not the one that was sent."""

    code = "invalid_upload"
    message = "The upload cannot be completed: {reason}"


class InvalidEventId(BadRequest):
    code = "invalid_event_id"
    message = "Send the id of an event of this run in Last-Event-ID: {id} is none"


class InvalidCursor(BadRequest):
    """A cursor that no page of this list, in this order, has given."""

    code = "invalid_cursor"
    message = "Send the `next_cursor` of the page before, with the same filters and order: invalid cursor"


class InvalidSource(BadRequest):
    code = "invalid_source"
    message = "Invalid source '{source}'"


class McpAddressRefused(BadRequest):
    """A URL that is none of an MCP server, or one that this server must not call."""

    code = "mcp_address_refused"
    message = "Check the URL of the MCP server: {reason}"


class OAuthProviderNotFound(BadRequest):
    code = "oauth_provider_not_found"
    message = "Register an OAuth provider for the MCP server first: provider {id} not found"


class OAuthNotOffered(BadRequest):
    """An MCP server, or the authorization server it names, that does not let Weft become a client."""

    code = "oauth_not_offered"
    message = "Check that the MCP server is protected by OAuth and lets clients register: {reason}"


class AuthorizationFailed(BadRequest):
    """Somebody came back from an authorization server without what a connection takes."""

    code = "authorization_failed"
    message = "Start again from where you came: {reason}"


class ModelUnavailable(BadRequest):
    """A model that cannot be called from here: an unknown provider, no package for it, no key."""

    code = "model_unavailable"
    message = "Choose a model that this server can call: '{model}' cannot be: {reason}"


class SandboxUnavailable(BadRequest):
    code = "sandbox_unavailable"
    message = "Use the backend of type 'state': no sandbox is configured here for one of type '{type}'"


class InvalidState(BadRequest):
    """An update that does not fit the state of a thread."""

    code = "invalid_state"
    message = "Check the values and the node: {reason}"


# 401, 403: who asks


class Unauthorized(WeftError):
    """No key."""

    status = 401
    code = "unauthorized"
    message = "Unauthorized"


class Forbidden(WeftError):
    """A key that opens nothing here."""

    status = 403
    code = "forbidden"
    message = "Forbidden"


class KeyRefused(Unauthorized):
    """No key, or one that is unknown or revoked. Opik's contract: the text says no more."""

    message = "User not allowed to access workspace"


class WorkspaceRefused(Forbidden):
    """A key of another workspace than the one that is named."""

    message = "User not allowed to access workspace"


class CsrfTokenRefused(Forbidden):
    code = "csrf_token_refused"
    message = "Send the csrf_token of GET /v1/session in the header X-CSRF-Token"


class ForeignHost(Forbidden):
    """`host` is a name by which this server does not know itself: a web page elsewhere may have led a browser here."""

    code = "foreign_host"
    message = "Start the server with --allowed-hosts {host} if it is to answer under this name: '{host}' is not allowed"


class ForeignOrigin(Forbidden):
    """A request that a web page of another server made a browser send."""

    code = "foreign_origin"
    message = "Requests of web pages of other servers are refused: '{origin}' is not allowed"


class FirstKeyOfOthers(Forbidden):
    """Of a server that others reach without a key: it would shut out those who came before."""

    code = "first_key_of_others"
    message = "Anyone could make the first key here: make it on the server's machine, with `weft keys create`"


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


class AgentNotFound(NotFound):
    code = "agent_not_found"
    message = "Verify the agent ID and that the calling identity has access: agent {id} not found"


class AgentCommitNotFound(NotFound):
    code = "commit_not_found"
    message = "Verify the commit hash: commit {id} not found"


class AgentThreadNotFound(NotFound):
    code = "thread_not_found"
    message = "Verify the thread ID: thread {id} not found"


class RunNotFound(NotFound):
    code = "run_not_found"
    message = "Verify the run ID and the thread it belongs to: run {id} not found"


class McpServerNotFound(NotFound):
    """`id` is an id or a URL."""

    code = "mcp_server_not_found"
    message = "Verify that the MCP server is registered: MCP server {id} not found"


class AuthSessionNotFound(NotFound):
    code = "auth_session_not_found"
    message = "Start a new session: auth session {id} not found"


class ApiKeyNotFound(NotFound):
    code = "api_key_not_found"
    message = "There is no key {id} that could be revoked; `weft keys list` shows those there are"


class WorkspaceNotFound(NotFound):
    """`id` is a name."""

    code = "workspace_not_found"
    message = "There is no workspace '{id}'; make it with `weft workspaces create {id}`"


class CheckpointNotFound(NotFound):
    code = "checkpoint_not_found"
    message = "Verify the checkpoint ID and the thread it belongs to: checkpoint {id} not found"


class UploadNotFound(NotFound):
    """An upload that was not started, was started for another file, or was never completed and has been removed."""

    code = "upload_not_found"
    message = "Upload not found"


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


class StaleParent(Conflict):
    """A commit that was made from a tree that is not the newest any more."""

    code = "stale_parent"
    message = "Read the tree again and commit to what it is now: parent commit {parent} is not the newest, {newest}"


class AgentThreadExists(Conflict):
    code = "thread_already_exists"
    message = "Choose another thread ID, or send if_exists=do_nothing: thread {id} already exists"


class ApiKeyAmbiguous(Conflict):
    code = "api_key_ambiguous"
    message = "Several keys begin with {id}; give the id of one"


class KeyUserTaken(Conflict):
    """A key with which its maker could work as somebody else."""

    code = "key_user_taken"
    message = "'{name}' is another user, whose keys only `weft keys create --user` makes; take a name that is new here"


class WorkspaceExists(Conflict):
    code = "workspace_exists"
    message = "There is a workspace '{name}' already"


class EnvironmentExists(Conflict):
    code = "environment_exists"
    message = "Environment with name '{name}' already exists in the workspace"


class EnvironmentLimitReached(Conflict):
    code = "environment_limit_reached"
    message = "Workspace already has the maximum of {limit} environments"


class FeedbackDefinitionExists(Conflict):
    code = "feedback_definition_exists"
    message = "Feedback already exists"


class ThreadBusy(Conflict):
    """A thread with a run that has not ended, where that has to have."""

    code = "thread_busy"
    message = "Wait for the run that goes on, or cancel it: thread {id} is busy"


class ThreadNotInterrupted(Conflict):
    code = "thread_not_interrupted"
    message = "Only an interrupted thread has something to resolve: thread {id} is {status}"


class McpServerExists(Conflict):
    code = "mcp_server_already_exists"
    message = "Update the MCP server that is there, or choose another name and URL: name or URL is taken"


# 408, 413, 415, 416, 422: understood and refused


class BodyTooSlow(WeftError):
    status = 408
    code = "body_too_slow"
    message = "No part of the request body came for {seconds:g} s"


class BodyTooLarge(WeftError):
    status = 413
    code = "body_too_large"
    message = "The request body is larger than {limit} bytes"


class AttachmentTooLarge(WeftError):
    status = 413
    code = "attachment_too_large"
    message = "The attachment is larger than {limit} bytes"


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


class InvalidFilePath(WeftError):
    status = 422
    code = "invalid_file_path"
    message = "Use a relative path without '..', '.' or empty parts: '{path}' {reason}"


class FieldFileConflict(WeftError):
    """Two parts of one request that write, or write and delete, the same file."""

    status = 422
    code = "field_file_conflict"
    message = "Give '{path}' once, as a field or as a file: it is given twice"


class InvalidFile(WeftError):
    """A file whose name gives it a form, which it does not have."""

    status = 422
    code = "invalid_file"
    message = "Correct the file '{path}': {reason}"


class TagLimitExceeded(WeftError):
    status = 422
    code = "tag_limit_exceeded"
    message = "Tag limit exceeded: maximum 50 tags per item"


# 429: too much


class RateLimited(WeftError):
    """`headers` say of which buckets how much is left, and when to come again."""

    status = 429
    code = "rate_limited"
    message = "Too Many Requests: {reason}"

    def __init__(self, reason: str, headers: dict[str, str]) -> None:
        self.headers = headers
        super().__init__(reason=reason)


# 5xx: our side


class SecretsUnreadable(WeftError):
    code = "secrets_unreadable"
    message = "Start the server with the secret key that it had before: {reason}"


class NotImplementedByContract(WeftError):
    """An operation that the outside contract itself leaves unimplemented."""

    status = 501
    code = "not_implemented"
    message = "{operation} is not implemented"


class AgentGone(WeftError):
    """The agent of a thread has been deleted. Managed Deep Agents' contract: its runs fail so, its threads stay."""

    status = 502
    code = "upstream_auth_failed"
    message = "Verify that the agent still exists and may be run: agent {id} not found"


class McpServerFailed(WeftError):
    """An MCP server, or what stands in front of it, did not do its part."""

    status = 502
    code = "upstream_error"
    message = "Check that the MCP server runs at this URL: {reason}"


class McpServerUnreachable(McpServerFailed):
    """No answer, or one that says that there will be none."""


class McpServerRefused(WeftError):
    status = 502
    code = "upstream_auth_failed"
    message = "Check the headers of the MCP server, or connect to it again: {reason}"


class ExtraNotInstalled(WeftError):
    """`extra` is one of Weft's, `package` what it would bring."""

    status = 503
    code = "extra_not_installed"
    message = "Install weft[{extra}]: the package {package} is not there"


class OAuthUnavailable(WeftError):
    """The authorization server could not be asked."""

    status = 503
    code = "service_unavailable"
    message = "Try again later: {reason}"


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
