import json
import logging
from asyncio import CancelledError

from weft.api.http.json_lines import JsonLines, is_news


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    exception = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("weft.api", logging.ERROR, "file.py", 1, message, None, exception)


def test_event_with_fields() -> None:
    event = record("request")
    vars(event)["fields"] = {"path": "/\n\ud800", "status": 200}
    line = JsonLines().format(event)
    entry = json.loads(line)
    assert "\n" not in line
    assert line.isascii()
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "error",
        "logger": "weft.api",
        "event": "request",
        "path": "/\n\ud800",
        "status": 200,
    }


def test_exception_is_on_the_same_line() -> None:
    line = JsonLines().format(record("failed", ValueError("broken")))
    assert "ValueError: broken" in json.loads(line)["exception"]
    assert "\n" not in line


def test_request_cancelled_by_the_server_is_no_news() -> None:
    assert not is_news(record("failed", CancelledError()))
    assert is_news(record("failed", ValueError()))
    assert is_news(record("request"))
