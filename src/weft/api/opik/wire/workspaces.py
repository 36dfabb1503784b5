"""What is configured for a workspace, on the wire (Opik's contract, H.5)."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from weft.errors import InvalidValue
from weft.model.durations import format_duration, parse_duration
from weft.model.workspace import WorkspaceConfiguration

MAX_TIMEOUT_S = 7 * 24 * 60 * 60
MAX_COLORS = 10_000
MAX_COLOR_NAME = 256

_NS = 1_000_000_000
_COLOR = re.compile("#[0-9a-fA-F]{6}")


class ConfigurationView(Struct, kw_only=True, omit_defaults=True):
    timeout_to_mark_thread_as_inactive: str | None = None
    truncation_on_tables: bool | None = None
    color_map: dict[str, str] | None = None


class ConfigurationWrite(ConfigurationView, kw_only=True):
    """Replaces the whole configuration. The timeout is an ISO 8601 duration."""

    def violations(self) -> list[str]:
        """Raises InvalidValue for a timeout that is no duration."""
        return _timeout_violations(self._timeout_ns()) + list(_color_violations(self.color_map or {}))

    @property
    def configuration(self) -> WorkspaceConfiguration:
        ns = self._timeout_ns()
        return WorkspaceConfiguration(None if ns is None else ns // _NS, self.truncation_on_tables, self.color_map)

    def _timeout_ns(self) -> int | None:
        text = self.timeout_to_mark_thread_as_inactive
        if text is None:
            return None
        try:
            return parse_duration(text)
        except ValueError as error:
            raise InvalidValue(reason=f"Cannot parse Duration from string '{text}': {error}") from error


class WorkspaceVersion(Struct):
    opik_version: str


def configuration_view(configuration: WorkspaceConfiguration) -> ConfigurationView:
    seconds, colors = configuration.inactive_after_s, configuration.color_map
    return ConfigurationView(
        timeout_to_mark_thread_as_inactive=None if seconds is None else format_duration(seconds),
        truncation_on_tables=configuration.truncation_on_tables,
        color_map=None if colors is None else dict(colors),
    )


def _timeout_violations(ns: int | None) -> list[str]:
    if ns is None:
        return []
    if ns < _NS or ns % _NS:
        rule = "minimum precision supported is seconds, please use a duration with seconds precision or higher"
    elif ns > MAX_TIMEOUT_S * _NS:
        rule = f"duration exceeds the maximum allowed of {format_duration(MAX_TIMEOUT_S)}"
    else:
        return []
    return [f"timeoutToMarkThreadAsInactive {rule}"]


def _color_violations(colors: Mapping[str, str]) -> Iterator[str]:
    if len(colors) > MAX_COLORS:
        yield f"colorMap size must be between 0 and {MAX_COLORS}"
    for name, color in colors.items():
        if len(name) > MAX_COLOR_NAME:
            yield f"colorMap<K>[{name}].<map key> size must be between 0 and {MAX_COLOR_NAME}"
        if not _COLOR.fullmatch(color):
            yield f"colorMap[{name}].<map value> Color must be a valid hex color (e.g. #FF0000)"
