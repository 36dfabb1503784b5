"""Puts the application together. Whoever opened the services closes them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from weft import __version__
from weft.agents.addresses import AddressRule
from weft.agents.machinery import open_machinery
from weft.agents.mcp import Mcp
from weft.agents.retention import Retention
from weft.agents.runs import Runs
from weft.agents.thread_states import ThreadStates
from weft.agents.trace_writer import TraceSink
from weft.agents.warm_up import WarmUp
from weft.api.deepagents.oauth_callback import OAUTH_CALLBACK
from weft.api.deepagents.routes import DEEPAGENTS, HUB
from weft.api.door import Door
from weft.api.hosts import HostRule
from weft.api.http.api import Api
from weft.api.http.application import PREFIX, Application
from weft.api.http.body import BodyLimits, BodyReader
from weft.api.http.endpoint import Endpoint
from weft.api.http.log import RequestLog
from weft.api.http.metrics import Metrics
from weft.api.http.openapi import OpenApi
from weft.api.http.route import Route
from weft.api.limits import RateLimits
from weft.api.opik.routes import OPIK
from weft.api.services import Services
from weft.api.session import SESSION
from weft.attachments.folder import FolderVault
from weft.attachments.vault import CannotOpenVault, Vault
from weft.core.costs import with_cost
from weft.core.keyring import Keyring
from weft.registry import KEY_FILE, Registry, open_registry
from weft.registry.secrets import Secrets
from weft.settings import Settings
from weft.store.contract import Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore
from weft.web.pages import Pages

GZIP_MIN_BYTES = 256  # Opik's contract
GZIP_LEVEL = 4

APIS = (SESSION, OAUTH_CALLBACK, DEEPAGENTS, HUB, OPIK)


def vault_of(settings: Settings) -> Vault:
    """Where attachments are. Any number of them are the same one. Raises CannotOpenVault."""
    if not settings.attachments:
        return FolderVault(settings.attachments_dir)
    try:
        from weft.attachments.s3 import open_bucket_vault
    except ModuleNotFoundError as error:
        raise CannotOpenVault("Attachments in a bucket need a package more: pip install 'weft[s3]'") from error
    return open_bucket_vault(settings.attachments, settings.max_attachment_bytes if settings.direct_uploads else None)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """All that is in the data folder, closed at the end. Raises OSError, CannotOpenStore and CannotOpenRegistry."""
    async with AsyncExitStack() as opened:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        store = await open_store(settings)
        opened.push_async_callback(store.close)
        await vault_of(settings).prepare()
        secrets = Secrets(settings.data_dir / KEY_FILE, settings.secret_key)
        registry = await open_registry(settings.registry_file, secrets)
        opened.push_async_callback(registry.close)
        services = services_of(settings, store, registry)
        opened.push_async_callback(services.runs.close)
        await services.runs.recover()
        opened.push_async_callback(services.retention.close)
        opened.push_async_callback(services.warm_up.close)
        yield services


async def open_store(settings: Settings) -> Store:
    """Raises CannotOpenStore."""
    engine = await open_duckdb(
        settings.data_dir / "traces.duckdb",
        memory_limit=settings.query_memory,
        reader_threads=settings.query_threads,
        query_timeout_s=settings.query_timeout_s,
    )
    return SqlStore(engine, price=with_cost, free=vault_of(settings).delete)


def services_of(settings: Settings, store: Store, registry: Registry) -> Services:
    vault, rule = vault_of(settings), AddressRule(settings.private_mcp_servers)
    mcp, sink = Mcp(registry, rule), TraceSink(store, registry, vault)
    machinery = partial(open_machinery, settings.agents_dir, sink, rule, mcp.headers_for, settings.default_model)
    runs = Runs(sink, machinery)
    retention = Retention(registry, store, runs, settings.retention_days)
    hosts = HostRule(settings.allowed_host_names, local=not settings.reachable_by_others)
    door = Door(Keyring(registry, always=settings.needs_keys), hosts)
    return Services(
        store,
        registry,
        vault,
        runs,
        WarmUp(registry, runs),
        ThreadStates(registry, runs),
        mcp,
        retention,
        door,
        RateLimits(settings.rate_limits),
    )


def create_app(settings: Settings, services: Services, apis: Sequence[Api] = APIS) -> ASGIApp:
    limits = BodyLimits(settings.max_body_bytes, settings.body_timeout_s, settings.max_attachment_bytes)
    bodies = BodyReader(limits)
    metrics = Metrics()
    endpoints = [Endpoint(route, api, services, bodies) for api in apis for route in api.routes]
    openapi = OpenApi(endpoints, __version__)
    own = (
        Route("GET", "/metrics", metrics.page),
        Route("GET", "/openapi.json", openapi.page, public=True),
    )
    endpoints += [Endpoint(route, apis[-1], services, bodies) for route in own]
    compressed = GZipMiddleware(Application(apis, endpoints), minimum_size=GZIP_MIN_BYTES, compresslevel=GZIP_LEVEL)
    return RequestLog(Pages(compressed, claimed_segments(endpoints, apis)), metrics)


def claimed_segments(endpoints: Sequence[Endpoint], apis: Sequence[Api]) -> set[str]:
    """The first segments of all paths that are not pages."""
    bases = [PREFIX, *(base for api in apis for base in (api.base, *api.aliases) if base)]
    return {path.split("/")[1] for path in (*bases, *(endpoint.route.path for endpoint in endpoints))}
