"""What a thread shows of its traces, told as plainly as Python can."""

from collections.abc import Sequence

from tests.reference.filters import Record
from weft.model.thread import ThreadRecord


def thread_record(stored: ThreadRecord, traces: Sequence[Record]) -> Record:
    """What a filter or a sort sees of a thread that these of its traces make up."""
    thread = stored.thread
    first = min(traces, key=lambda trace: (trace["start_time"] or float("inf"), trace["id"]))
    last = max(traces, key=lambda trace: (trace["end_time"] or 0, trace["id"]))
    return {
        "id": thread.thread_id,
        "model_id": thread.id,
        "start_time": min((trace["start_time"] for trace in traces if trace["start_time"]), default=None),
        "end_time": max((trace["end_time"] for trace in traces if trace["end_time"]), default=None),
        "first_message": first["input"],
        "last_message": last["output"],
        "status": "active" if stored.active else "inactive",
        "tags": thread.tags,
        "environment": thread.environment,
        "created_by": thread.created_by,
        "created_at": thread.created_at,
        "last_updated_at": thread.last_updated_at,
        "traces": list(traces),
        "spans": [span for trace in traces for span in trace["spans"]],
        "comments": [comment.text for comment in stored.comments],
        "scores": [
            {"name": row.score.name, "value": row.score.value}
            for folded in stored.scores
            for row in folded.by_author.values()
        ],
    }
