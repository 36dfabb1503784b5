"""What was recorded elsewhere or before, to be put back as it was."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from weft.model.comment import Comment
from weft.model.feedback_score import FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.span import Span
from weft.model.thread import Thread
from weft.model.trace import Trace


class Restored(Struct, frozen=True, kw_only=True):
    """Rows of one project. Scores and comments may be on any of the traces, spans and threads, on threads by the `id`
    that these have here."""

    traces: Sequence[Trace] = ()
    spans: Sequence[Span] = ()
    threads: Sequence[Thread] = ()
    scores: Sequence[FeedbackScore] = ()
    comments: Sequence[Comment] = ()
    guardrails: Sequence[Guardrail] = ()

    def placed(self, project_id: str) -> "Restored":
        """The same in another project."""
        return Restored(
            traces=[replace(row, project_id=project_id) for row in self.traces],
            spans=[replace(row, project_id=project_id) for row in self.spans],
            threads=[replace(row, project_id=project_id) for row in self.threads],
            scores=[replace(row, project_id=project_id) for row in self.scores],
            comments=[replace(row, project_id=project_id) for row in self.comments],
            guardrails=[replace(row, project_id=project_id) for row in self.guardrails],
        )
