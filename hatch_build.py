"""Builds the web interface into the wheel."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebInterface(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """What is built from these sources already is taken as it is. In a checkout `scripts/ui` builds it instead."""
        if version == "editable":
            return
        ui = runpy.run_path(str(Path(self.root) / "ui" / "build.py"))
        if not ui["is_built"]():
            ui["install"]()
            ui["build"]()
