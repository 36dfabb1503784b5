"""Writes what the interface has to know of the server, without starting it: its OpenAPI document (to the path given),
and what `GET /v1/private/filters/fields` answers (to src/filters/language.json, which is kept in git, as building the
wheel needs it where the server's packages are not)."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec

from weft import __version__
from weft.api.http.api import Api
from weft.api.http.endpoint import Endpoint
from weft.api.http.openapi import describe
from weft.api.http.route import Route
from weft.api.http.signature import Signature, read_signature
from weft.api.opik.wire.filters import filter_fields
from weft.app import APIS

LANGUAGE = Path(__file__).parent / "src" / "filters" / "language.json"

# About things that Weft does not have: they match nothing, or everything.
NOT_OFFERED = {"annotation_queue_ids", "experiment_ids", "experiment_id", "visibility_mode"}


class Described(NamedTuple):
    """As much of an Endpoint as the document is made of: only answering needs services."""

    route: Route
    api: Api
    signature: Signature


def openapi() -> bytes:
    described = [Described(route, api, read_signature(route)) for api in APIS for route in api.routes]
    return msgspec.json.encode(describe(cast(list[Endpoint], described), __version__))


def language() -> dict[str, Any]:
    nouns: dict[str, Any] = msgspec.to_builtins(filter_fields())
    for noun in nouns.values():
        noun["fields"] = [field for field in noun["fields"] if field["name"] not in NOT_OFFERED]
    return nouns


def language_text() -> str:
    return json.dumps(language(), indent=1) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(openapi())
    LANGUAGE.write_text(language_text(), "utf-8")
