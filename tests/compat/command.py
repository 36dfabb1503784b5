"""The stock `deepagents` command, talking to a server of ours."""

import os
import subprocess
import sys
from pathlib import Path

from tests.compat.server import Server

COMMAND = Path(__file__).with_name("deepagents_command.py")


class Command:
    """In a home of its own, where it remembers what it deployed, and in the folder `project` once that is made."""

    def __init__(self, home: Path, server: Server, project: str = "") -> None:
        self.home = home
        self.project = project
        self._settings = {"HOME": str(home), "LANGSMITH_ENDPOINT": server.url, "LANGSMITH_API_KEY": "k"}

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        """What it says."""
        project = self.home / self.project
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", str(COMMAND), *arguments],
            env=os.environ | self._settings,
            cwd=project if project.exists() else self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.home / self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def deploy(self, *options: str) -> str:
        """The id of the agent."""
        said = self("deploy", *options)
        assert "'mcp_check': {'ok': True" in said
        return said.partition("agent_id: ")[2].partition("\n")[0]
