"""Every setting there is: a field here, a `--flag`, a `WEFT_…` variable and a line of `docs/settings.md`."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

LOG_LEVELS = ("debug", "info", "warning", "error")

# Items or requests in a minute, by bucket: those of Opik's own service (its contract, A.10).
RATE_LIMITS = {"user": 10_000, "workspace": 5_000, "single": 800, "read": 30, "span": 250}

_BUCKET_FORM = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w!*'().-]+)*/?", re.ASCII)
_HOSTS_FORM = re.compile(r"[A-Za-z0-9._:-]+(, *[A-Za-z0-9._:-]+)*", re.ASCII)
_RATES_FORM = re.compile(rf"({'|'.join(RATE_LIMITS)})=[1-9]\d{{0,8}}", re.ASCII)
_SIZE_FORM = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B")


class BadSetting(ValueError):
    """The text names the setting and says what it may be."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the text of a setting is read; `allowed` completes "must be …"."""

    read: Callable[[str], Any]
    allowed: str
    accepts: Callable[[Any], bool] = lambda value: True
    secret: bool = False  # is not repeated in an error


def _read_flag(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]


def _read_key(text: str) -> str:
    if len(urlsafe_b64decode(text.replace("+", "-").replace("/", "_"))) != 32:
        raise ValueError
    return text


def _are_rates(text: str) -> bool:
    return text == "opik" or all(_RATES_FORM.fullmatch(rate) for rate in text.split(","))


_TEXT = _Kind(str, "text")
_FOLDER = _Kind(Path, "a path")
_BUCKET = _Kind(str, "a bucket such as s3://name/prefix", lambda url: bool(_BUCKET_FORM.fullmatch(url)))
_FLAG = _Kind(_read_flag, "true or false")
_PORT = _Kind(int, "a whole number from 0 to 65535", lambda port: 0 <= port <= 65535)
_COUNT = _Kind(int, "a whole number of at least 1", lambda count: count >= 1)
_DAYS = _Kind(int, "a whole number from 0 to 36500", lambda days: 0 <= days <= 36_500)
_SECONDS = _Kind(float, "a number of seconds above 0", lambda seconds: 0 < seconds < float("inf"))
_SIZE = _Kind(str, "a size such as 512MB or 2GiB", lambda size: bool(_SIZE_FORM.fullmatch(size)))
_KEY = _Kind(_read_key, "32 bytes in base64, as from `openssl rand -base64 32`", secret=True)
_HOSTS = _Kind(
    str, "host names such as weft.example.org, with commas between", lambda names: bool(_HOSTS_FORM.fullmatch(names))
)
_RATES = _Kind(str, f"`opik` or limits such as workspace=5000,single=800, of {', '.join(RATE_LIMITS)}", _are_rates)
_LEVEL = _Kind(str.lower, f"one of {', '.join(LOG_LEVELS)}", LOG_LEVELS.__contains__)


def _about(kind: _Kind, about: str) -> dict[str, Any]:
    return {"kind": kind, "about": about}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    host: str = field(default="127.0.0.1", metadata=_about(_TEXT, "Address to listen on."))
    port: int = field(default=5173, metadata=_about(_PORT, "Port to listen on; 0 takes a free one."))
    data_dir: Path = field(
        default=Path("weft-data"), metadata=_about(_FOLDER, "Folder that holds all data; made if it is not there.")
    )
    allow_unauthenticated: bool = field(
        default=False,
        metadata=_about(
            _FLAG, "Serve on an address that others can reach, where everyone can then read and change everything."
        ),
    )
    allowed_hosts: str = field(
        default="",
        metadata=_about(
            _HOSTS,
            "Names, with commas between, by which browsers may reach a server that has no API keys, besides those of "
            "this machine.",
        ),
    )
    rate_limit: str = field(
        default="",
        metadata=_about(
            _RATES,
            "Limits in a minute, as in `user=10000,workspace=5000,single=800,read=30,span=250`, or `opik` for just "
            "these; without, there are none.",
        ),
    )
    max_body_bytes: int = field(
        default=512 * 1024 * 1024,
        metadata=_about(_COUNT, "Largest request body in bytes, both as sent and as uncompressed."),
    )
    max_attachment_bytes: int = field(
        default=5 * 1024**3,
        metadata=_about(_COUNT, "Largest attachment in bytes; attachments go to disk as they come."),
    )
    attachments: str = field(
        default="",
        metadata=_about(_BUCKET, "Bucket for attachments, such as `s3://name/prefix`; without one, the data folder."),
    )
    direct_uploads: bool = field(
        default=True,
        metadata=_about(
            _FLAG, "Let clients send attachments to the bucket themselves; false if they cannot reach its endpoint."
        ),
    )
    body_timeout_s: float = field(
        default=60.0, metadata=_about(_SECONDS, "Seconds to wait for the next part of a request body.")
    )
    query_timeout_s: float = field(default=30.0, metadata=_about(_SECONDS, "Seconds after which a query is stopped."))
    query_memory: str = field(default="1GB", metadata=_about(_SIZE, "Memory that the trace store may use."))
    query_threads: int = field(default=4, metadata=_about(_COUNT, "Queries that may run at the same time."))
    retention_days: int = field(
        default=0,
        metadata=_about(
            _DAYS,
            "Days that traces and threads of agents are kept, unless their project or workspace has its own; 0 is for "
            "good.",
        ),
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata=_about(
            _KEY,
            "Key that stored secrets are encrypted with, 32 bytes in base64; without one, `secret.key` in the data "
            "folder, made when first needed. Better as a variable: others can see flags.",
        ),
    )
    default_model: str = field(
        default="",
        metadata=_about(
            _TEXT, "Model of agents that name none, such as `openai:gpt-5.5`; without one, they cannot run."
        ),
    )
    mcp_allow_private: bool = field(
        default=False,
        metadata=_about(
            _FLAG,
            "Let agents use MCP servers by plain http and on private addresses, which on a loopback address they may "
            "in any case.",
        ),
    )
    log_level: str = field(default="info", metadata=_about(_LEVEL, f"Least that is logged: {', '.join(LOG_LEVELS)}."))

    @classmethod
    def from_env(cls, environment: Mapping[str, str], overrides: Mapping[str, str] | None = None) -> "Settings":
        """Texts by variable, and by field name for what was given as a flag, which wins. Empty texts count as absent.

        Raises BadSetting.
        """
        values = {}
        for setting in fields(cls):
            if text := (overrides or {}).get(setting.name):
                values[setting.name] = _read(setting, flag(setting), text)
            elif text := environment.get(variable(setting)):
                values[setting.name] = _read(setting, variable(setting), text)
        return cls(**values)

    @property
    def allowed_host_names(self) -> frozenset[str]:
        return frozenset(name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip())

    @property
    def rate_limits(self) -> Mapping[str, int]:
        """By bucket, in a minute."""
        if self.rate_limit == "opik":
            return RATE_LIMITS
        pairs = (rate.split("=") for rate in self.rate_limit.split(",") if rate)
        return {bucket: int(limit) for bucket, limit in pairs}

    @property
    def needs_keys(self) -> bool:
        """Whether nobody may come in without a key, even if none was ever made."""
        return self.reachable_by_others and not self.allow_unauthenticated

    @property
    def registry_file(self) -> Path:
        return self.data_dir / "registry.sqlite"

    @property
    def attachments_dir(self) -> Path:
        return self.data_dir / "attachments"

    @property
    def agents_dir(self) -> Path:
        return self.data_dir / "agents"

    @property
    def private_mcp_servers(self) -> bool:
        """Whether agents may use MCP servers by plain http and on private addresses."""
        return self.mcp_allow_private or not self.reachable_by_others

    @property
    def reachable_by_others(self) -> bool:
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True


def flag(setting: "Field[Any]") -> str:
    return "--" + setting.name.replace("_", "-")


def variable(setting: "Field[Any]") -> str:
    return "WEFT_" + setting.name.upper()


def as_table() -> str:
    """All settings as a Markdown table."""
    rows = ["| Flag | Variable | Default | Meaning |", "|---|---|---|---|"]
    for setting in fields(Settings):
        default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
        shown = "none" if default == "" else f"`{default}`"
        rows.append(f"| `{flag(setting)}` | `{variable(setting)}` | {shown} | {setting.metadata['about']} |")
    return "\n".join(rows)


def _read(setting: "Field[Any]", origin: str, text: str) -> Any:
    kind: _Kind = setting.metadata["kind"]
    try:
        value = kind.read(text.strip())
        if kind.accepts(value):
            return value
    except (ValueError, KeyError):
        pass
    raise BadSetting(f"{origin} must be {kind.allowed}" + ("" if kind.secret else f", not {text!r}"))
