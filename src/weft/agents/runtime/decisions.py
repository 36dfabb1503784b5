"""Whether a human's decisions fit what was asked, before the run that carries them begins.

LangGraph keeps an answer once it was given: a wrong one would come back with every further try.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.types import Interrupt

# What a decision must have besides its type.
NEEDED: Mapping[str, tuple[str, type]] = {"edit": ("edited_action", Mapping), "respond": ("message", str)}
ACTION = {"name": str, "args": Mapping}


def check_decisions(resume: object, interrupts: Sequence[Interrupt]) -> None:
    """`resume` answers the only interrupt, or is a map of answers by id of interrupt. Managed Deep Agents' contract:
    TypeError for what is no object, ValueError for a wrong number or a wrong type of decisions."""
    by_id = {interrupt.id: interrupt for interrupt in interrupts}
    if isinstance(resume, Mapping) and resume and resume.keys() <= by_id.keys():
        for id, answer in resume.items():
            _check_answer(answer, by_id[id].value)
    elif len(interrupts) == 1:
        _check_answer(resume, interrupts[0].value)
    else:
        raise ValueError(f"{len(interrupts)} interrupts wait: answer with an object of their ids")


def _check_answer(answer: object, asked: object) -> None:
    """Questions that are not about tool calls take any answer."""
    if not isinstance(asked, Mapping) or "action_requests" not in asked:
        return
    if not isinstance(answer, Mapping):
        raise TypeError(f"resume must be an object with decisions, not {type(answer).__name__}")
    decisions, reviews = answer.get("decisions"), asked["review_configs"]
    if not isinstance(decisions, list):
        raise ValueError("resume must have a list of decisions")
    if len(decisions) != len(reviews):
        raise ValueError(f"{len(reviews)} decisions are needed, one for each call, not {len(decisions)}")
    for decision, review in zip(decisions, reviews, strict=True):
        _check_decision(decision, review)


def _check_decision(decision: object, review: Mapping[str, Any]) -> None:
    if not isinstance(decision, Mapping):
        raise TypeError(f"a decision must be an object, not {type(decision).__name__}")
    kind, allowed = decision.get("type"), review["allowed_decisions"]
    if kind not in allowed:
        raise ValueError(f"a decision about {review['action_name']} must be one of {', '.join(allowed)}, not {kind!r}")
    name, needed = NEEDED.get(str(kind), ("type", str))
    if not isinstance(decision.get(name), needed):
        raise ValueError(f"a decision to {kind} must have {name}")
    if kind == "edit" and not all(isinstance(decision[name].get(part), type) for part, type in ACTION.items()):
        raise ValueError("edited_action must have name and args")
