"""`weft keys` and `weft workspaces`, and the door that they open."""

import json
from pathlib import Path
from typing import Any

import pytest

from weft.cli import main


class Command:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> str:
        """What it prints, for scripts and for people."""
        assert main([*arguments, "--data-dir", str(self.folder)]) == 0
        return self._capsys.readouterr().out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def failure(self, *arguments: str) -> str:
        assert main([*arguments, "--data-dir", str(self.folder)]) == 1
        written = self._capsys.readouterr()
        assert written.out == ""
        assert len(written.err.splitlines()) == 1
        return written.err


@pytest.fixture
def weft(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path / "data", capsys)


def test_a_key_is_the_only_thing_on_stdout(weft: Command) -> None:
    key = weft("keys", "create").strip()
    assert key.startswith("weft_")
    assert "\n" not in key
    assert key not in weft("keys", "list")


def test_made_listed_and_revoked(weft: Command) -> None:
    weft("workspaces", "create", "team")
    made = weft.json("keys", "create", "--workspace", "team", "--name", "ci", "--user", "ada")
    assert made["key"].startswith(made["begins_with"])
    assert (made["workspace"], made["name"], made["user"], made["revoked_at"]) == ("team", "ci", "ada", None)
    weft("keys", "create")
    (listed,) = weft.json("keys", "list", "--workspace", "team")
    assert listed == {name: value for name, value in made.items() if name != "key"}
    assert weft.json("keys", "revoke", made["key"]) == {"id": made["id"], "revoked": True}
    assert [key["revoked_at"] is None for key in weft.json("keys", "list")] == [False, True]


def test_workspaces(weft: Command) -> None:
    weft("workspaces", "create", "team")
    assert [workspace["name"] for workspace in weft.json("workspaces", "list")] == ["default", "team"]
    assert "already" in weft.failure("workspaces", "create", "team")
    for name in ("a b", "ü", ".a", "a" * 101, "a/b", ""):
        assert "name" in weft.failure("workspaces", "create", name)


def test_what_is_not_there(weft: Command) -> None:
    for arguments in (("keys", "list"), ("keys", "revoke", "weft_abcdef"), ("workspaces", "list")):
        assert "--data-dir names another" in weft.failure(*arguments)
    assert not weft.folder.exists()
    assert "weft workspaces create team" in weft.failure("keys", "create", "--workspace", "team")
    assert "weft keys list" in weft.failure("keys", "revoke", "weft_abcdef")
    assert "--user" in weft.failure("keys", "create", "--user", " ")


def test_a_folder_that_is_a_file(weft: Command) -> None:
    weft.folder.touch()
    assert "Cannot use the data folder" in weft.failure("keys", "create")


def test_others_are_let_in_only_once_there_is_a_key(weft: Command) -> None:
    refused = weft.failure("serve", "--host", "192.0.2.1", "--port", "0")
    assert f"weft keys create --data-dir {weft.folder}" in refused
    assert "--allow-unauthenticated" in refused
    assert not weft.folder.exists()
    weft("keys", "create")
    assert "Cannot listen on 192.0.2.1" in weft.failure("serve", "--host", "192.0.2.1", "--port", "0")
