"""`weft keys` and `weft workspaces`: who may come in, and to what. They work while the server runs, which knows a new
key at once and forgets a revoked one within a second."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from weft.commands.printing import add_common, print_table
from weft.errors import WeftError, WorkspaceNotFound
from weft.model.api_key import DEFAULT_USER, ApiKey
from weft.model.instants import format_us
from weft.model.workspace import is_workspace_name
from weft.registry import CannotOpenRegistry, Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE, Workspace
from weft.settings import Settings

Options = Mapping[str, Any]
Do = Callable[[Registry, Options], Awaitable[None]]

KEYS_HELP = """\
Makes, lists and revokes API keys. From when there is the first one, every request needs a key; without one a server
listens on this machine only. A key opens one workspace and nothing else.
"""
CREATED = """\
This key of workspace {workspace} is shown only now. Clients send it like this:
  export OPIK_API_KEY=…  OPIK_WORKSPACE={workspace}     the Opik SDK
  Authorization: …                                     OpenTelemetry's exporters, curl
  X-Api-Key: …                                         managed-deepagents, deepagents
"""


class CommandFailed(Exception):
    """The text says why, in one line."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="make, list and revoke API keys", description=KEYS_HELP)
    verbs = keys.add_subparsers(required=True, dest="verb", metavar="create|list|revoke")
    create = _verb(verbs, "create", "make a key and show it, once", create_key)
    create.add_argument("--workspace", default=DEFAULT_WORKSPACE, help=f"what it opens [default {DEFAULT_WORKSPACE}]")
    create.add_argument("--name", default="", help="what it is for, to tell it from others")
    create.add_argument(
        "--user", default=DEFAULT_USER, help=f"who works with it, as scores show [default {DEFAULT_USER}]"
    )
    find = _verb(verbs, "list", "list keys by what they begin with, revoked ones too", list_keys)
    find.add_argument("--workspace", help="only those of this one")
    revoke = _verb(verbs, "revoke", "end a key and its sessions, for good", revoke_key)
    revoke.add_argument("key", help="its id, what it begins with as in the list, or the key itself")

    workspaces = commands.add_parser("workspaces", help="make and list workspaces", description="Divides what is kept.")
    verbs = workspaces.add_subparsers(required=True, dest="verb", metavar="create|list")
    create = _verb(verbs, "create", "make a workspace, to be opened by keys of its own", create_workspace)
    create.add_argument("workspace_name", metavar="name", help="letters, digits, '_', '.' and '-', at most 100")
    _verb(verbs, "list", "list workspaces", list_workspaces)


def run(settings: Settings, options: Options) -> None:
    """Prints the result. Raises CommandFailed."""
    asyncio.run(_run(settings, options))


async def _run(settings: Settings, options: Options) -> None:
    do: Do = options["do"]
    try:
        async with _registry(settings, make=options["verb"] == "create") as registry:
            await do(registry, options)
    except WeftError as error:
        raise CommandFailed(str(error)) from error


async def create_key(registry: Registry, options: Options) -> None:
    """The key alone is on stdout, so that a script can take it."""
    workspace = await registry.workspaces.find_by_name(options["workspace"])
    if workspace is None:
        raise WorkspaceNotFound(id=options["workspace"])
    if not options["user"].strip():
        raise CommandFailed("--user must not be blank")
    key, secret = await registry.api_keys.create(workspace.id, options["name"], options["user"])
    if options["json"]:
        print(json.dumps({**_view(key, workspace.name), "key": secret}))
        return
    print(secret)
    print(CREATED.format(workspace=workspace.name), end="", file=sys.stderr)


async def list_keys(registry: Registry, options: Options) -> None:
    names = {workspace.id: workspace.name for workspace in await registry.workspaces.find_all()}
    views = [_view(key, names[key.workspace_id]) for key in await registry.api_keys.find_all()]
    if wanted := options["workspace"]:
        views = [view for view in views if view["workspace"] == wanted]
    _print_rows(views, options["json"])


async def revoke_key(registry: Registry, options: Options) -> None:
    key = await registry.api_keys.revoke(options["key"])
    print(json.dumps({"id": key.id, "revoked": True}) if options["json"] else f"{key.start}… opens nothing any more")


async def create_workspace(registry: Registry, options: Options) -> None:
    name = options["workspace_name"]
    if not is_workspace_name(name):
        raise CommandFailed("A workspace's name has letters, digits, '_', '.' and '-', at most 100, no mark first")
    workspace = await registry.workspaces.create(name)
    made = f"Workspace {name} is there; `weft keys create --workspace {name}` makes a key for it"
    print(json.dumps(asdict(workspace)) if options["json"] else made)


async def list_workspaces(registry: Registry, options: Options) -> None:
    workspaces: Sequence[Workspace] = await registry.workspaces.find_all()
    _print_rows([asdict(workspace) for workspace in workspaces], options["json"])


async def has_keys(settings: Settings) -> bool:
    """Whether a key was ever made. Raises CommandFailed."""
    if not settings.registry_file.exists():
        return False
    async with _registry(settings, make=False) as registry:
        return (await registry.api_keys.read()).any_made


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    do: Do,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=about, description=f"{about.capitalize()}.")
    parser.set_defaults(run=run, do=do, json=False, data_dir=None)
    add_common(parser)
    return parser


@asynccontextmanager
async def _registry(settings: Settings, make: bool) -> AsyncIterator[Registry]:
    """Raises CommandFailed."""
    if not make and not settings.registry_file.exists():
        raise CommandFailed(f"There is no data in the folder {settings.data_dir}; --data-dir names another")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        registry = await open_registry(settings.registry_file)
    except (OSError, CannotOpenRegistry) as error:
        raise CommandFailed(f"Cannot use the data folder {settings.data_dir}: {error}") from error
    try:
        yield registry
    finally:
        await registry.close()


def _view(key: ApiKey, workspace: str) -> dict[str, str | None]:
    return {
        "id": key.id,
        "begins_with": key.start,
        "workspace": workspace,
        "name": key.name,
        "user": key.user_name,
        "created_at": format_us(key.created_at),
        "revoked_at": None if key.revoked_at is None else format_us(key.revoked_at),
    }


def _print_rows(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows))
    elif rows:
        print_table(list(rows[0]), [[value or "" for value in row.values()] for row in rows])
    else:
        print("There are none", file=sys.stderr)
