"""Tells the model what day it is."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import SystemMessage
from langgraph.config import get_config

TIMEZONE = "user_timezone"


class Today(AgentMiddleware[Any, Any, Any]):
    """In the time zone of the run's `configurable.user_timezone`. The line changes once a day, and is the last of the
    prompt, so that providers can keep what comes before."""

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        line = today(get_config().get("configurable", {}).get(TIMEZONE))
        prompt = request.system_message.text if request.system_message else ""
        message = SystemMessage(f"{prompt}\n\n{line}" if prompt else line)
        return await handler(request.override(system_message=message))


def today(timezone: object) -> str:
    zone = _zone(timezone)
    return f"Today is {datetime.now(zone):%A, %Y-%m-%d} (time zone {zone})."


def _zone(name: object) -> tzinfo:
    """Managed Deep Agents' contract: UTC for what is no name of a time zone."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return UTC
