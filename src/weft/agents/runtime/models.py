"""The chat model that an agent's `provider:model` names."""

from collections.abc import Mapping
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from weft.errors import ModelUnavailable
from weft.model.agent import Agent

OPENAI = "https://api.openai.com/"

# What a provider's model is made with, beyond its name. Usage is not told by servers other than OpenAI's unless asked.
OPTIONS: Mapping[str, Mapping[str, Any]] = {"openai": {"stream_usage": True}}


def model_id_of(agent: Agent, default: str = "") -> str:
    """Managed Deep Agents' contract: `runtime.model.model_id`; late clients say `runtime.model.id`. Raises
    ModelUnavailable if neither is there, and no default."""
    model = agent.runtime.get("model")
    given = (model.get("model_id") or model.get("id")) if isinstance(model, Mapping) else model
    chosen = given or default
    if not isinstance(chosen, str) or not chosen.strip():
        raise ModelUnavailable(model="", reason="the agent names none, and this server has no default")
    return chosen.strip()


def chat_model(model_id: str) -> BaseChatModel:
    """Raises ModelUnavailable, with what is missing: the provider's name, its package or its key."""
    provider, colon, _ = model_id.partition(":")
    if not colon:
        raise ModelUnavailable(model=model_id, reason="write it as provider:model")
    try:
        model: BaseChatModel = init_chat_model(model_id, **OPTIONS.get(provider, {}))
    except Exception as error:
        # Providers raise what they like: ImportError, ValueError, pydantic's errors, errors of their clients.
        raise ModelUnavailable(model=model_id, reason=_first_line(error)) from error
    _check_key(model_id, model)
    return _speaking_responses(model)


def _check_key(model_id: str, model: BaseChatModel) -> None:
    """Some providers look for their key at the first call only."""
    for attribute, variable in model.lc_secrets.items():
        key = getattr(model, attribute, None)
        if attribute.endswith("api_key") and isinstance(key, SecretStr) and not key.get_secret_value():
            raise ModelUnavailable(model=model_id, reason=f"{variable} is not set in the server's environment")


def _speaking_responses(model: BaseChatModel) -> BaseChatModel:
    """OpenAI's own models think better over the Responses API; servers that speak as OpenAI's often lack it."""
    if isinstance(model, ChatOpenAI) and str(model.root_client.base_url).startswith(OPENAI):
        return model.model_copy(update={"use_responses_api": True})
    return model


def _first_line(error: Exception) -> str:
    lines = [line.strip().partition(" [type=")[0] for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if "validation error" not in line]
    return (told or lines or [type(error).__name__])[0]
