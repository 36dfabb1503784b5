"""Which URLs of MCP servers may be called: all, or only https on public addresses."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from weft.errors import McpAddressRefused

Address = IPv4Address | IPv6Address

MAX_URL = 2048
PORTS = {"http": 80, "https": 443}

_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32_BITS = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class AddressRule:
    """With `allow_private`, plain http and private addresses will do, as for a Weft that only its own machine can
    reach: whoever uses it can call them anyway."""

    allow_private: bool

    async def check(self, url: str) -> None:
        """Raises McpAddressRefused."""
        parts = _parts(url)
        if not self.allow_private:
            _require_https(parts)
            await public_address(parts.hostname or "", parts.port or PORTS[parts.scheme])


async def public_address(host: str, port: int) -> str:
    """An address of the host to connect to, once all it has are public. Raises McpAddressRefused."""
    addresses = await _resolve(host, port)
    for address in addresses:
        if not is_public(address):
            raise McpAddressRefused(reason=f"{host} is on a private address; --mcp-allow-private would allow it")
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Also of what an IPv6 address leads to, where it holds one of version 4."""
    if isinstance(address, IPv6Address) and (inner := _embedded(address)) is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & _LOW_32_BITS)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


async def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise McpAddressRefused(reason=f"{host} has no address ({error})") from error
    return [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def _parts(url: str) -> SplitResult:
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise McpAddressRefused(reason=f"it cannot be read ({error})") from error
    if not usable or len(url) > MAX_URL or not url.isprintable() or " " in url:
        raise McpAddressRefused(reason=f"it must be http:// or https:// with a host, at most {MAX_URL} characters")
    if parts.username is not None or parts.fragment:
        raise McpAddressRefused(reason="it must have no user, password or fragment; secrets belong into headers")
    return parts


def _require_https(parts: SplitResult) -> None:
    if parts.scheme != "https":
        raise McpAddressRefused(reason="it must be https; --mcp-allow-private would allow http")
