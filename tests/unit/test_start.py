"""What is loaded before the first agent runs. A server that only records traces should not pay for more."""

import subprocess
import sys
from pathlib import Path

HEAVY = {"langchain", "langchain_core", "langgraph", "deepagents", "mcp", "openai", "pydantic", "cryptography"}

START = """
import asyncio, sys
from pathlib import Path
import weft.cli
from weft.app import create_app, open_services
from weft.settings import Settings

async def start():
    settings = Settings(data_dir=Path(sys.argv[1]))
    async with open_services(settings) as services:
        create_app(settings, services)

asyncio.run(start())
print(*sys.modules)
"""


def test_a_server_starts_without_what_agents_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, str(tmp_path)]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert HEAVY.isdisjoint(loaded)
