"""Puts the application together. Whoever made the store and the registry closes them."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from weft import __version__
from weft.api.http.application import Application
from weft.api.http.body import BodyLimits, BodyReader
from weft.api.http.endpoint import Endpoint
from weft.api.http.log import RequestLog
from weft.api.http.metrics import Metrics
from weft.api.http.openapi import OpenApi
from weft.api.http.route import Route
from weft.api.opik.errors import render_error, shape_of
from weft.api.opik.routes import ROUTES
from weft.api.services import Services
from weft.attachments.folder import FolderVault
from weft.attachments.vault import Vault
from weft.registry import Registry
from weft.settings import Settings
from weft.store.contract import Store

GZIP_MIN_BYTES = 256  # Opik's contract
GZIP_LEVEL = 4


def vault_of(settings: Settings) -> Vault:
    """Where attachments are. It holds nothing open, so that any number of them are the same one."""
    return FolderVault(settings.attachments_dir)


def create_app(settings: Settings, store: Store, registry: Registry, routes: tuple[Route, ...] = ROUTES) -> ASGIApp:
    services = Services(store, registry, vault_of(settings))
    limits = BodyLimits(settings.max_body_bytes, settings.body_timeout_s, settings.max_attachment_bytes)
    bodies = BodyReader(limits)
    metrics = Metrics()
    endpoints = [Endpoint(route, services, bodies) for route in routes]
    openapi = OpenApi(endpoints, __version__, shape_of)
    own = (Route("GET", "/metrics", metrics.page), Route("GET", "/openapi.json", openapi.page))
    endpoints += [Endpoint(route, services, bodies) for route in own]
    application = Application(endpoints, render_error)
    compressed = GZipMiddleware(application, minimum_size=GZIP_MIN_BYTES, compresslevel=GZIP_LEVEL)
    return RequestLog(compressed, metrics)
