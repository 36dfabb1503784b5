"""DuckDB's exceptions as ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from weft.errors import QueryTooExpensive, StoreUnavailable


@contextmanager
def store_errors() -> Iterator[None]:
    """DuckDB's exceptions as ours, keeping the cause. What is left is a fault of our own and stays as it is."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTooExpensive(reason="it took too long") from error
    except duckdb.OutOfMemoryException as error:
        raise QueryTooExpensive(reason="it needs more memory than queries may use") from error
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        raise StoreUnavailable(reason=str(error).splitlines()[0]) from error
