"""Opik's REST API, as far as it is here: one table."""

from weft.api.http.api import Api
from weft.api.http.route import Route
from weft.api.opik import (
    api_keys,
    attachments,
    comments,
    environments,
    feedback_definitions,
    filters,
    guardrails,
    links,
    metrics,
    projects,
    retention,
    scores,
    spans,
    stats,
    system,
    thread_scores,
    threads,
    traces,
    transfer,
    workspaces,
)
from weft.api.opik.errors import render_error, shape_of
from weft.api.opik.identity import ENTRANCE
from weft.api.otel import traces as otel

ROUTES: tuple[Route, ...] = (
    *system.ROUTES,
    *links.ROUTES,
    *workspaces.ROUTES,
    *api_keys.ROUTES,
    *environments.ROUTES,
    *feedback_definitions.ROUTES,
    *projects.ROUTES,
    *retention.ROUTES,
    *stats.ROUTES,
    *metrics.ROUTES,
    *filters.ROUTES,
    *traces.ROUTES,
    *spans.ROUTES,
    *scores.ROUTES,
    *threads.ROUTES,
    *thread_scores.ROUTES,
    *comments.ROUTES,
    *guardrails.ROUTES,
    *otel.ROUTES,
    *attachments.ROUTES,
    *transfer.ROUTES,
)

# All paths that no other API claims are its.
OPIK = Api(base="", routes=ROUTES, entrance=ENTRANCE, render_error=render_error, shape_of=shape_of)
