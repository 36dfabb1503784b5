"""Opik's REST API, as far as it is here: one table."""

from weft.api.http.route import Route
from weft.api.opik import projects, scores, spans, system, traces

ROUTES: tuple[Route, ...] = (
    *system.ROUTES,
    *projects.ROUTES,
    *traces.ROUTES,
    *spans.ROUTES,
    *scores.ROUTES,
)
