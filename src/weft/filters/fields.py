"""What each noun can be filtered, sorted and searched by, and what can be left out of it: name to type and SQL.

The SQL is over the alias `t` (the noun's own row) and over what `needs` names, which the statement joins then:
`span_totals` as `s`, `sort_score` as `f`, `guardrails` as `g`. For threads `r` is what a thread's traces add up to, `m`
(`thread_messages`) its messages and `u` (`thread_spans`) what the spans of its traces add up to; a field that is
`of_traces` is a condition on those traces, aliased `q`. Text that is missing reads as '' and everything else that is
missing as NULL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldType(StrEnum):
    STRING = "string"
    STRING_EXACT = "string_exact"
    DATE_TIME = "date_time"
    NUMBER = "number"
    FEEDBACK_SCORES_NUMBER = "feedback_scores_number"
    DICTIONARY = "dictionary"
    LIST = "list"
    ENUM = "enum"
    ENUM_LEGACY = "enum_legacy"
    ERROR_CONTAINER = "error_container"
    STRING_LIST = "string_list"
    CUSTOM = "custom"
    COMMENTS = "comments"


NOTHING_NEEDED = frozenset[str]()
SPAN_TOTALS = frozenset({"span_totals"})
SORT_SCORE = frozenset({"sort_score"})
GUARDRAILS = frozenset({"guardrails"})

SOURCES = ("sdk", "experiment", "playground", "optimization", "evaluator")
SPAN_TYPES = ("general", "tool", "llm", "guardrail")


@dataclass(frozen=True, slots=True)
class Field:
    """`sql` by type: instants are ns, a dictionary is the JSON text, scores are a SELECT of the ids of what has scores
    named `{key}`, one group for each folded score, comments one of the ids of what has any. `id_column` is the bare
    column of a field that holds an id. `of_traces` fields say which traces make up a thread, not which threads are
    found. `values` are those that there can be, where that is known."""

    type: FieldType
    sql: str
    needs: frozenset[str] = NOTHING_NEEDED
    id_column: str | None = None
    of_traces: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SortColumn:
    """`$sort_key` in `sql` is what stands for the star of a name such as `usage.*`."""

    sql: str
    needs: frozenset[str] = NOTHING_NEEDED


@dataclass(frozen=True, slots=True, eq=False)
class Noun:
    """`tie_break` orders what a sort leaves equal, `default_order` (a complete order) serves without a sort; `searched`
    is the condition of a search, with `{found}` for what is true where a searchable field has the text. `parts` are
    what a row is made of, by the name of one."""

    fields: Mapping[str, Field]
    sortable: Mapping[str, SortColumn]
    searchable: tuple[Field, ...]
    excludable: frozenset[str]
    tie_break: str = "t.id DESC"
    default_order: str = "t.id DESC"
    searched: str = "({found})"
    parts: Mapping[str, "Part"] = field(default_factory=dict)

    @property
    def sortable_by(self) -> list[str]:
        return list(self.sortable)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows that belong to a row of another noun: `sql` is true of what has one, `t` again, for which `{condition}` is.
    What the condition needs goes into `{joins}`."""

    noun: Noun
    sql: str


# Nothing stores these yet: a text that is always missing, a list that is always empty.
_NO_TEXT = "nullif('', '')"
_NO_LIST = "weft_empty_list()"

_DURATION_MS = "weft_duration_ms(nullif(t.start_time, 0), t.end_time)"
_ERROR_TYPE = "weft_json_text(t.error_info, '$.\"exception_type\"')"

_SCORED = (
    "SELECT c.entity_id FROM feedback_scores AS c"
    " WHERE c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id) AND c.entity_type = '{entity}'"
    " AND weft_lower(c.name) = weft_lower({{key}}) GROUP BY c.entity_id, c.name"
)
_SCORED_THROUGH_SPANS = (
    "SELECT p.trace_id FROM feedback_scores AS c JOIN spans AS p ON p.id = c.entity_id"
    " WHERE p.workspace_id = $workspace_id AND p.project_id = weft_id($project_id)"
    " AND c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id) AND c.entity_type = 'span'"
    " AND weft_lower(c.name) = weft_lower({key}) GROUP BY p.trace_id, c.name"
)
_COMMENTED = (
    "SELECT c.entity_id FROM comments AS c"
    " WHERE c.workspace_id = $workspace_id AND c.project_id = weft_id($project_id) AND c.entity_type = '{entity}'"
)
_MATCHING = (
    "SELECT {column} FROM {table} AS t {{joins}}"
    " WHERE t.workspace_id = $workspace_id AND t.project_id = weft_id($project_id) AND {{condition}}"
)
_MATCHING_TRACES = _MATCHING.format(column="t.id", table="traces")
_TRACES_OF_MATCHING_SPANS = _MATCHING.format(column="t.trace_id", table="spans")


def _id(column: str) -> Field:
    return Field(FieldType.STRING, f"CAST({column} AS VARCHAR)", id_column=column)


def _text(column: str) -> Field:
    return Field(FieldType.STRING, f"coalesce({column}, '')")


def _enum(column: str, *values: str) -> Field:
    return Field(FieldType.ENUM, f"coalesce({column}, '')", values=values)


def _source(column: str, of_traces: bool = False) -> Field:
    sql = f"coalesce(nullif(nullif({column}, 'unknown'), ''), 'sdk')"
    return Field(FieldType.ENUM_LEGACY, sql, of_traces=of_traces, values=SOURCES)


def _number(sql: str, needs: frozenset[str] = NOTHING_NEEDED) -> Field:
    return Field(FieldType.NUMBER, f"CAST({sql} AS DOUBLE)", needs)


def _scores(entity: str) -> Field:
    return Field(FieldType.FEEDBACK_SCORES_NUMBER, _SCORED.format(entity=entity))


def _comments(entity: str) -> Field:
    return Field(FieldType.COMMENTS, _COMMENTED.format(entity=entity))


def _sort_text(column: str) -> SortColumn:
    return SortColumn(f"nullif({column}, '')")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Traces and spans


_SHARED_FIELDS = {
    "id": _id("t.id"),
    "name": _text("t.name"),
    "start_time": Field(FieldType.DATE_TIME, "nullif(t.start_time, 0)"),
    "end_time": Field(FieldType.DATE_TIME, "t.end_time"),
    "created_at": Field(FieldType.DATE_TIME, "t.created_at * 1000"),
    "last_updated_at": Field(FieldType.DATE_TIME, "t.last_updated_at * 1000"),
    "duration": _number(_DURATION_MS),
    "ttft": _number("t.ttft"),
    "input": _text("t.input"),
    "output": _text("t.output"),
    "input_json": Field(FieldType.DICTIONARY, "t.input"),
    "output_json": Field(FieldType.DICTIONARY, "t.output"),
    "metadata": Field(FieldType.DICTIONARY, "t.metadata"),
    "custom": Field(FieldType.CUSTOM, "t.metadata"),
    "tags": Field(FieldType.LIST, "t.tags"),
    "error_info": Field(FieldType.ERROR_CONTAINER, "t.error_info"),
    "error_type": Field(FieldType.STRING, _ERROR_TYPE),
    "environment": _enum("t.environment"),
    "source": _source("t.source"),
}

# The first part of a custom filter's key, and the dictionary field that it stands for.
CUSTOM_FIELDS = {"input": "input_json", "output": "output_json", "metadata": "metadata"}

_SHARED_SORTABLE = {
    "id": SortColumn("t.id"),
    "name": _sort_text("t.name"),
    "start_time": SortColumn("nullif(t.start_time, 0)"),
    "end_time": SortColumn("t.end_time"),
    "duration": SortColumn(_DURATION_MS),
    "ttft": SortColumn("t.ttft"),
    "input": _sort_text("t.input"),
    "output": _sort_text("t.output"),
    "metadata": _sort_text("t.metadata"),
    "tags": SortColumn("t.tags"),
    "error_info": _sort_text("t.error_info"),
    "environment": _sort_text("t.environment"),
    "created_at": SortColumn("t.created_at"),
    "created_by": _sort_text("t.created_by"),
    "last_updated_at": SortColumn("t.last_updated_at"),
    "feedback_scores.*": SortColumn("f.value", SORT_SCORE),
}

_SHARED_SEARCHABLE = (
    _id("t.id"),
    _text("t.name"),
    _text("t.input"),
    _text("t.output"),
    _text("t.metadata"),
    _text("t.error_info"),
    Field(FieldType.LIST, "t.tags"),
)

_SHARED_EXCLUDABLE = _names(
    "name start_time end_time input output metadata tags error_info usage created_at created_by last_updated_by"
    " feedback_scores comments total_estimated_cost duration ttft source environment"
)


# Spans


SPAN_FIELDS = _SHARED_FIELDS | {
    "trace_id": _id("t.trace_id"),
    "type": _enum("t.type", *SPAN_TYPES),
    "model": _text("t.model"),
    "provider": _text("t.provider"),
    "total_estimated_cost": _number("t.total_estimated_cost"),
    "usage.prompt_tokens": _number("weft_usage(t.usage, 'prompt_tokens')"),
    "usage.completion_tokens": _number("weft_usage(t.usage, 'completion_tokens')"),
    "usage.total_tokens": _number("weft_usage(t.usage, 'total_tokens')"),
    "feedback_scores": _scores("span"),
    "comments": _comments("span"),
}

SPANS = Noun(
    fields=SPAN_FIELDS,
    sortable=_SHARED_SORTABLE
    | {
        "trace_id": SortColumn("t.trace_id"),
        "parent_span_id": SortColumn("t.parent_span_id"),
        "type": _sort_text("t.type"),
        "model": _sort_text("t.model"),
        "provider": _sort_text("t.provider"),
        "usage.*": SortColumn("weft_usage(t.usage, $sort_key)"),
        "total_estimated_cost": SortColumn("t.total_estimated_cost"),
    },
    searchable=(*_SHARED_SEARCHABLE, _text("t.model"), _text("t.provider")),
    excludable=_SHARED_EXCLUDABLE | _names("type model provider total_estimated_cost_version"),
)


# Traces


TRACE_FIELDS = _SHARED_FIELDS | {
    "thread_id": _text("t.thread_id"),
    "total_estimated_cost": _number("s.total_estimated_cost", SPAN_TOTALS),
    "llm_span_count": _number("s.llm_span_count", SPAN_TOTALS),
    "usage.prompt_tokens": _number("s.prompt_tokens", SPAN_TOTALS),
    "usage.completion_tokens": _number("s.completion_tokens", SPAN_TOTALS),
    "usage.total_tokens": _number("s.total_tokens", SPAN_TOTALS),
    "feedback_scores": _scores("trace"),
    "span_feedback_scores": Field(FieldType.FEEDBACK_SCORES_NUMBER, _SCORED_THROUGH_SPANS),
    "comments": _comments("trace"),
    "annotation_queue_ids": Field(FieldType.LIST, _NO_LIST),
    "experiment_ids": Field(FieldType.STRING_LIST, _NO_LIST),
    "experiment_id": _text(_NO_TEXT),
    "guardrails": Field(FieldType.STRING, "coalesce(g.result, '')", GUARDRAILS, values=("passed", "failed")),
    "visibility_mode": Field(FieldType.ENUM, "'default'", values=("default",)),
}

TRACES = Noun(
    fields=TRACE_FIELDS,
    sortable=_SHARED_SORTABLE
    | {
        "thread_id": _sort_text("t.thread_id"),
        "span_count": SortColumn("s.span_count", SPAN_TOTALS),
        "llm_span_count": SortColumn("s.llm_span_count", SPAN_TOTALS),
        "usage.*": SortColumn("s.sort_usage", SPAN_TOTALS),
        "total_estimated_cost": SortColumn("s.total_estimated_cost", SPAN_TOTALS),
        "experiment_id": SortColumn(_NO_TEXT),
    },
    searchable=(*_SHARED_SEARCHABLE, _text("t.thread_id")),
    excludable=_SHARED_EXCLUDABLE
    | _names(
        "span_feedback_scores guardrails_validations span_count llm_span_count has_tool_spans thread_id"
        " visibility_mode providers experiment"
    ),
    parts={"span": Part(SPANS, f"t.id IN ({_TRACES_OF_MATCHING_SPANS})")},
)


# Threads


_THREAD_MESSAGES = frozenset({"thread_messages"})
_THREAD_SPANS = frozenset({"thread_spans"})
_THREAD_DURATION_MS = "weft_duration_ms(r.start_time, r.end_time)"
_THREAD_STATUS = "CASE WHEN t.closed OR t.active_at < $active_since THEN 'inactive' ELSE 'active' END"
_NEWEST_THREADS = "t.last_updated_at DESC, t.id DESC"
_OF_ANY_TRACE = (
    "t.thread_id IN (SELECT q.thread_id FROM traces AS q"
    " WHERE q.workspace_id = $workspace_id AND q.project_id = weft_id($project_id)"
    " AND q.id >= weft_id($from_id) AND q.id <= weft_id($to_id) AND q.thread_id IS NOT NULL"
    " AND {{traces}} AND ({found}))"
)

THREAD_FIELDS = {
    "id": Field(FieldType.STRING_EXACT, "t.thread_id"),
    "first_message": Field(FieldType.STRING, "coalesce(m.first_message, '')", _THREAD_MESSAGES),
    "last_message": Field(FieldType.STRING, "coalesce(m.last_message, '')", _THREAD_MESSAGES),
    "number_of_messages": _number("2 * r.trace_count"),
    "duration": _number(_THREAD_DURATION_MS),
    "created_at": Field(FieldType.DATE_TIME, "t.created_at * 1000"),
    "last_updated_at": Field(FieldType.DATE_TIME, "t.last_updated_at * 1000"),
    "start_time": Field(FieldType.DATE_TIME, "r.start_time"),
    "end_time": Field(FieldType.DATE_TIME, "r.end_time"),
    "total_estimated_cost": _number("u.total_estimated_cost", _THREAD_SPANS),
    "usage.prompt_tokens": _number("u.prompt_tokens", _THREAD_SPANS),
    "usage.completion_tokens": _number("u.completion_tokens", _THREAD_SPANS),
    "usage.total_tokens": _number("u.total_tokens", _THREAD_SPANS),
    "feedback_scores": _scores("thread"),
    "comments": _comments("thread"),
    "status": Field(FieldType.ENUM, _THREAD_STATUS, values=("active", "inactive")),
    "environment": Field(FieldType.ENUM, "coalesce(q.environment, '')", of_traces=True),
    "tags": Field(FieldType.LIST, "t.tags"),
    "annotation_queue_ids": Field(FieldType.LIST, _NO_LIST),
    "source": _source("q.source", of_traces=True),
}

THREADS = Noun(
    fields=THREAD_FIELDS,
    sortable={
        "id": SortColumn("t.thread_id"),
        "start_time": SortColumn("r.start_time"),
        "end_time": SortColumn("r.end_time"),
        "duration": SortColumn(_THREAD_DURATION_MS),
        "number_of_messages": SortColumn("r.trace_count"),
        "last_updated_at": SortColumn("t.last_updated_at"),
        "created_by": _sort_text("t.created_by"),
        "created_at": SortColumn("t.created_at"),
        "usage.*": SortColumn("u.sort_usage", _THREAD_SPANS),
        "total_estimated_cost": SortColumn("u.total_estimated_cost", _THREAD_SPANS),
        "feedback_scores.*": SortColumn("f.value", SORT_SCORE),
        "status": SortColumn(_THREAD_STATUS),
        "tags": SortColumn("t.tags"),
        "environment": _sort_text("t.environment"),
    },
    searchable=(_text("q.thread_id"), _id("q.id"), _text("q.input"), _text("q.output")),
    excludable=_names(
        "start_time end_time duration first_message last_message number_of_messages total_estimated_cost usage status"
        " tags feedback_scores comments environment source created_at created_by last_updated_by"
    ),
    tie_break=_NEWEST_THREADS,
    default_order="t.last_updated_at DESC, r.start_time ASC NULLS LAST, r.end_time DESC NULLS LAST, t.id DESC",
    searched=_OF_ANY_TRACE,
    parts={
        "trace": Part(TRACES, _OF_ANY_TRACE.format(found=f"q.id IN ({_MATCHING_TRACES})")),
        "span": Part(SPANS, _OF_ANY_TRACE.format(found=f"q.id IN ({_TRACES_OF_MATCHING_SPANS})")),
    },
)
