"""The log: one JSON object per line on stderr, ours and the web server's."""

import json
import logging
from asyncio import CancelledError
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """An event may bring fields of its own in `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def is_news(record: logging.LogRecord) -> bool:
    """The web server logs a trace for each request that it cancels when it stops, after one line that says so."""
    return not (record.exc_info and record.exc_info[0] is CancelledError)


def configure_logging(level: str) -> None:
    """`level` holds for Weft; of the web server only warnings and errors are kept, of the MCP client nothing: what
    fails there is told to whoever called."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.addFilter(is_news)
    for name, threshold in (("weft", level.upper()), ("uvicorn", "WARNING"), ("mcp", "CRITICAL")):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(threshold)
