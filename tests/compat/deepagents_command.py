"""The `deepagents` command. It takes https only, from its settings; that check is the one thing that is changed."""

from deepagents_cli.deploy import api_client
from deepagents_cli.main import cli_main


def normalized(endpoint: str) -> str:
    return endpoint.strip().rstrip("/")


if __name__ == "__main__":
    api_client._normalize_endpoint = normalized
    cli_main()
