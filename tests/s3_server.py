"""A server of one bucket on loopback, which answers only to what is signed with its key."""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import get_session
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import S3Backend, s3_backends
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from types_boto3_s3.client import S3Client

BUCKET = "weft"
REGION: Literal["eu-central-1"] = "eu-central-1"
KEY = Credentials("the-key", "the-secret")


@dataclass(frozen=True)
class S3Server:
    url: str

    @property
    def variables(self) -> dict[str, str]:
        """Where every tool of AWS looks for a server and its key."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY.access_key,
            "AWS_SECRET_ACCESS_KEY": KEY.secret_key,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    @cached_property
    def client(self) -> "S3Client":
        session = get_session()
        session.set_credentials(KEY.access_key, KEY.secret_key)
        return cast("S3Client", session.create_client("s3", REGION, endpoint_url=self.url))

    def keys(self, prefix: str = "") -> list[str]:
        return [item["Key"] for item in self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]

    def unfinished(self, prefix: str = "") -> list[str]:
        found = self.client.list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)
        return [upload["Key"] for upload in found.get("Uploads", [])]


@contextmanager
def s3_server() -> Iterator[S3Server]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs each request
    app = Strict(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        running = S3Server(f"http://127.0.0.1:{server.server_port}")
        running.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        _backend().reset()


class Strict:
    """Refuses what moto does not: what is not signed, and to complete what is not under way."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not is_signed(environ):
            refused = "403 Forbidden", "SignatureDoesNotMatch"
        elif not is_upload_known(environ):
            refused = "404 Not Found", "NoSuchUpload"
        else:
            return self._app(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(refused[0], [("Content-Type", "application/xml")])
        return [f"<Error><Code>{refused[1]}</Code><Message>Refused</Message></Error>".encode()]


def is_signed(environ: "WSGIEnvironment") -> bool:
    """Makes the signature again, from what has arrived."""
    path, _, query = environ["REQUEST_URI"].partition("?")
    claims = re.findall(r"(Signature|SignedHeaders|Date)=([^&, ]+)", environ.get("HTTP_AUTHORIZATION") or query)
    claimed = dict(claims)
    signed = "&".join(pair for pair in query.split("&") if not pair.startswith("X-Amz-Signature="))
    names = claimed.get("SignedHeaders", "host").split(";")
    request = AWSRequest(
        environ["REQUEST_METHOD"],
        f"http://{environ['HTTP_HOST']}{path}?{signed}",
        {name: _header(environ, name) for name in names},
    )
    request.context["timestamp"] = claimed.get("Date") or _header(environ, "x-amz-date")
    auth = S3SigV4QueryAuth(KEY, "s3", REGION)
    expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return claimed.get("Signature") == expected


def is_upload_known(environ: "WSGIEnvironment") -> bool:
    upload_id = dict(parse_qsl(environ["QUERY_STRING"])).get("uploadId")
    return (
        environ["REQUEST_METHOD"] != "POST" or upload_id is None or upload_id in _backend().buckets[BUCKET].multiparts
    )


def _backend() -> S3Backend:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def _header(environ: "WSGIEnvironment", name: str) -> str:
    key = name.upper().replace("-", "_")
    value: str = environ.get(key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}", "")
    return value
