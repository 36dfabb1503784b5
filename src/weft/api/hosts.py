"""Which web pages may make a browser send requests here. Without keys, a page elsewhere could otherwise read and write
what is recorded: by a request across sites, or by a name that it lets point to this machine (DNS rebinding)."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from weft.errors import ForeignHost, ForeignOrigin


class HostRule:
    """`local`: the server can be reached on this machine only, so that it has no name but those of this machine and
    `allowed`; elsewhere any name will do, unless some are `allowed`. Clients that are no browsers send no `Origin`."""

    def __init__(self, allowed: Collection[str], local: bool) -> None:
        self._allowed = frozenset(allowed)
        self.local = local

    def check(self, request: Request) -> None:
        """Raises ForeignHost and ForeignOrigin."""
        host = _host_name(f"//{request.headers.get('host', '')}")
        if (self.local or self._allowed) and not self._is_own(host):
            raise ForeignHost(host=host)
        self.check_origin(request)

    def check_origin(self, request: Request) -> None:
        """Raises ForeignOrigin."""
        origin = request.headers.get("origin")
        if origin is None or _netloc(origin) == request.headers.get("host"):
            return
        host = _host_name(origin)
        if not host or not self._is_own(host):
            raise ForeignOrigin(origin=origin)

    def _is_own(self, host: str) -> bool:
        return host in ("", "localhost") or host in self._allowed or _is_loopback(host)


def _host_name(url: str) -> str:
    """In lower case and without port and brackets; what is no URL is all of it a name that nobody has."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url
