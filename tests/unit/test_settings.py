from base64 import b64encode
from dataclasses import fields
from pathlib import Path

import pytest

from weft.settings import RATE_LIMITS, BadSetting, Settings, as_table, flag, variable

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_defaults() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 5173, Path("weft-data"))


def test_flag_wins_over_variable_and_empty_is_absent() -> None:
    environment = {"WEFT_PORT": "1", "WEFT_HOST": "", "WEFT_QUERY_THREADS": " 2 ", "PORT": "3"}
    settings = Settings.from_env(environment, {"port": "4"})
    assert (settings.port, settings.host, settings.query_threads) == (4, "127.0.0.1", 2)


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("WEFT_PORT", "70000", "a whole number from 0 to 65535"),
        ("WEFT_PORT", "http", "a whole number from 0 to 65535"),
        ("WEFT_MAX_BODY_BYTES", "0", "a whole number of at least 1"),
        ("WEFT_QUERY_TIMEOUT_S", "nan", "a number of seconds above 0"),
        ("WEFT_QUERY_MEMORY", "lots", "a size such as 512MB or 2GiB"),
        ("WEFT_ATTACHMENTS", "https://weft", "a bucket such as s3://name/prefix"),
        ("WEFT_ATTACHMENTS", "s3://", "a bucket such as s3://name/prefix"),
        ("WEFT_ATTACHMENTS", "s3://we/ft", "a bucket such as s3://name/prefix"),
        ("WEFT_ATTACHMENTS", "s3://weft/a//b", "a bucket such as s3://name/prefix"),
        ("WEFT_ATTACHMENTS", "s3://weft?region=x", "a bucket such as s3://name/prefix"),
        ("WEFT_ALLOWED_HOSTS", "https://weft", "host names such as weft.example.org, with commas between"),
        *[
            (
                "WEFT_RATE_LIMIT",
                rates,
                f"`opik` or limits such as workspace=5000,single=800, of {', '.join(RATE_LIMITS)}",
            )
            for rates in ("on", "workspace", "workspace=0", "all=1", "user=1,", "opik,user=1")
        ],
        ("WEFT_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("WEFT_ALLOW_UNAUTHENTICATED", "perhaps", "true or false"),
    ],
)
def test_bad_value_names_its_key(name: str, text: str, allowed: str) -> None:
    with pytest.raises(BadSetting) as raised:
        Settings.from_env({name: text})
    assert str(raised.value) == f"{name} must be {allowed}, not {text!r}"


@pytest.mark.parametrize("key", ["hunter2", "aGVsbG8=", "é" * 44])
def test_a_bad_key_is_not_repeated(key: str) -> None:
    with pytest.raises(BadSetting) as raised:
        Settings.from_env({"WEFT_SECRET_KEY": key})
    assert str(raised.value) == "WEFT_SECRET_KEY must be 32 bytes in base64, as from `openssl rand -base64 32`"


@pytest.mark.parametrize("alphabet", [b"+/", b"-_"])
def test_a_key_is_of_either_alphabet_and_not_shown(alphabet: bytes) -> None:
    key = b64encode(bytes(range(224, 256)), alphabet).decode()
    settings = Settings.from_env({"WEFT_SECRET_KEY": key})
    assert settings.secret_key == key
    assert key not in repr(settings)


@pytest.mark.parametrize(
    ("host", "allowed", "private"),
    [("127.0.0.1", False, True), ("0.0.0.0", False, False), ("0.0.0.0", True, True)],
)
def test_private_mcp_servers(host: str, allowed: bool, private: bool) -> None:
    assert Settings(host=host, mcp_allow_private=allowed).private_mcp_servers == private


@pytest.mark.parametrize(
    ("text", "limits"),
    [("", {}), ("opik", RATE_LIMITS), ("user=10,workspace=20", {"user": 10, "workspace": 20})],
)
def test_rate_limits(text: str, limits: dict[str, int]) -> None:
    assert Settings.from_env({"WEFT_RATE_LIMIT": text}).rate_limits == limits


def test_allowed_hosts() -> None:
    settings = Settings.from_env({"WEFT_ALLOWED_HOSTS": "Weft.example.org, ::1"})
    assert settings.allowed_host_names == {"weft.example.org", "::1"}


@pytest.mark.parametrize("url", ["s3://weft", "s3://weft/", "s3://my.bucket-1/a/b_c/"])
def test_buckets(url: str) -> None:
    assert Settings.from_env({"WEFT_ATTACHMENTS": url}).attachments == url


def test_bad_flag_is_named_as_a_flag() -> None:
    with pytest.raises(BadSetting, match=r"^--body-timeout-s must be"):
        Settings.from_env({}, {"body_timeout_s": "soon"})


@pytest.mark.parametrize(
    ("host", "reachable"),
    [
        ("127.0.0.1", False),
        ("127.8.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.2", True),
        ("example.org", True),
    ],
)
def test_who_can_reach_the_server(host: str, reachable: bool) -> None:
    assert Settings(host=host).reachable_by_others == reachable


def test_every_setting_is_documented() -> None:
    assert as_table() in DOCUMENT.read_text("utf-8"), "put weft.settings.as_table() into docs/settings.md"
    assert all(flag(setting) in as_table() and variable(setting) in as_table() for setting in fields(Settings))
