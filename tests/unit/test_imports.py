"""Reads the imports and draws the picture of ARCHITECTURE.md. When it fails, move code; do not loosen the test."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import weft

SOURCE = Path(weft.__file__).parent

MAY_IMPORT = {
    "errors": set[str](),
    "settings": {"errors"},
    "model": {"errors"},
    "filters": {"errors", "model"},
    "attachments": {"errors", "model"},
    "store": {"errors", "model", "filters"},
    "registry": {"errors", "model", "filters"},
    "core": {"errors", "model", "filters", "attachments", "store", "registry"},
    "agents": {"errors", "model", "filters", "attachments", "store", "registry", "core"},
    "api": {"errors", "model", "filters", "attachments", "store", "registry", "core", "agents"},
    "transfer": {"errors", "model"},
    "commands": {"errors", "settings", "model", "store", "registry", "core", "agents", "api", "transfer"},
    "web": set[str](),
    "server": set[str](),
}
SEES_EVERYTHING = {"app", "cli", "__init__", "__main__"}

FENCED = {
    "starlette": ("api", "web", "app", "server"),
    "uvicorn": ("server", "cli"),
    "prometheus_client": ("api",),
    "msgspec": ("model", "api", "store", "agents", "transfer", "commands"),
    "botocore": ("attachments.s3",),
    "types_boto3_s3": ("attachments.s3",),
    "duckdb": ("store.duckdb", "transfer.parquet"),
    "clickhouse_connect": ("store.clickhouse",),
    "sqlalchemy": ("registry",),
    "alembic": ("registry",),
    "cryptography": ("registry",),
    "genai_prices": ("core",),
    "langchain": ("agents.runtime",),
    "langchain_core": ("agents.runtime",),
    "langchain_mcp_adapters": ("agents.runtime",),
    "langgraph": ("agents.runtime",),
    "deepagents": ("agents.runtime",),
    "mcp": ("agents.runtime",),
    "opentelemetry": ("api.otel",),
    "google": ("api.otel",),
}

# Imports inside functions, each with the reason that it may not stand at the top.
DEFERRED = {
    ("agents.front_matter", "yaml"): "0.05 s, which only skills and subagents need",
    ("agents.machinery", "weft.agents.runtime"): "LangChain and more, 1.5 s and 80 MB, which only agents need",
    ("core.costs", "genai_prices"): "0.4 s and 30 MB, which only spans without a cost of their own need",
    ("api.otel.traces", "weft.api.otel.protobuf_encoding"): "protobuf, 0.2 s and 9 MB, which only its senders need",
    ("app", "weft.attachments.s3"): "botocore, 0.2 s and an extra, which only attachments in a bucket need",
    ("agents.mcp", "weft.agents.runtime.mcp_client"): "mcp, 2 s and an extra, which only those with MCP servers need",
    ("registry.secrets", "cryptography.fernet"): "belongs to an extra, and only those who have secrets need it",
    ("registry.schema", "weft.registry.upgrade"): "Alembic, 0.5 s, which only a database that is behind needs",
}


class Import(NamedTuple):
    importer: str  # dotted, below weft: store.duckdb.engine
    imported: str  # dotted, in full: weft.model.ids, duckdb
    deferred: bool  # stands inside a function

    @property
    def layer(self) -> str:
        return self.importer.partition(".")[0]

    @property
    def imported_layer(self) -> str | None:
        package, _, rest = self.imported.partition(".")
        layer = rest.partition(".")[0]
        return layer if package == "weft" and (layer in MAY_IMPORT or layer in SEES_EVERYTHING) else None


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.module is not None
        assert node.level == 0, "imports are absolute"
        return [f"weft.{alias.name}" for alias in node.names] if node.module == "weft" else [node.module]
    return []


def read_imports(path: Path) -> Iterator[Import]:
    importer = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {inner for function in functions for inner in ast.walk(function)}
    for node in nodes:
        for name in imported_names(node):
            yield Import(importer, name, node in inside)


@pytest.fixture(scope="module")
def imports() -> list[Import]:
    return [found for path in sorted(SOURCE.rglob("*.py")) for found in read_imports(path)]


def test_every_module_belongs_to_a_layer(imports: list[Import]) -> None:
    assert {found.layer for found in imports} <= MAY_IMPORT.keys() | SEES_EVERYTHING


def test_imports_point_one_way(imports: list[Import]) -> None:
    against = [
        found
        for found in imports
        if found.imported_layer not in {None, found.layer}
        and found.layer not in SEES_EVERYTHING
        and found.imported_layer not in MAY_IMPORT[found.layer]
    ]
    assert against == []


def test_frameworks_and_drivers_stay_where_they_belong(imports: list[Import]) -> None:
    strayed = [
        found
        for found in imports
        if (homes := FENCED.get(found.imported.partition(".")[0]))
        and not any(found.importer == home or found.importer.startswith(f"{home}.") for home in homes)
    ]
    assert strayed == []


def test_only_listed_imports_stand_inside_functions(imports: list[Import]) -> None:
    assert {(found.importer, found.imported) for found in imports if found.deferred} == DEFERRED.keys()
