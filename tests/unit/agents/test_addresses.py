"""Which URLs of MCP servers may be called."""

from ipaddress import ip_address

import pytest

from weft.agents.addresses import AddressRule, is_public
from weft.errors import McpAddressRefused

ANY = AddressRule(allow_private=True)
PUBLIC = AddressRule(allow_private=False)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("ff0e::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) == public


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/mcp",
        "https://[::1]/mcp",
        "https://localhost/mcp",
        "https://2130706433/mcp",
        "https://93.184.216.34:99999/mcp",
        "http://93.184.216.34/mcp",
    ],
)
async def test_what_others_may_not_make_us_call(url: str) -> None:
    with pytest.raises(McpAddressRefused):
        await PUBLIC.check(url)


async def test_a_public_address() -> None:
    await PUBLIC.check("https://93.184.216.34/mcp")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/mcp", " https://nowhere.invalid/mcp?x=1 ", "http://[::1]:8000", "http://host"]
)
async def test_private_addresses_where_they_are_allowed(url: str) -> None:
    await ANY.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rows",
        "//host/mcp",
        "ftp://host/mcp",
        "file:///etc/passwd",
        "http://",
        "http://:80/",
        "http://host:0/",
        "http://host:x/",
        "http://[::1/",
        "http://user:password@host/",
        "http://host/#part",
        "http://ho st/",
        "http://host/\n/",
        "http://host/\x00",
        "http://host/" + "x" * 2048,
    ],
)
@pytest.mark.parametrize("rule", [ANY, PUBLIC])
async def test_what_is_no_url_of_a_server(rule: AddressRule, url: str) -> None:
    with pytest.raises(McpAddressRefused):
        await rule.check(url)
