"""What tests of every kind may need."""

import pytest


@pytest.fixture(scope="session")
def chdb_dsn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where ClickHouse keeps its data. It takes one folder per process: databases keep tests apart."""
    return f"chdb:///{tmp_path_factory.mktemp('chdb')}"
