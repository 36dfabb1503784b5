"""The model of the tests: the one of `examples/local_model.py`, on a free port, in a thread.

What it answers is in RULES there: "remember tea" writes a memory, "delegate X to Y" calls a subagent, "hold" waits in
the middle of an answer for `model.released.set()`, "fail" is a status 500, anything else is said back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread

from examples.local_model import LocalModel


@contextmanager
def serving_model() -> Iterator[LocalModel]:
    with LocalModel() as model:
        thread = Thread(target=model.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield model
        finally:
            model.released.set()
            model.shutdown()
            thread.join()


def environment(model: LocalModel) -> Mapping[str, str]:
    """The variables that make `openai:…` this model."""
    return {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "none"}
