"""Encryption of what must not be readable in the database: header values, OAuth clients and tokens."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from weft.errors import ExtraNotInstalled, SecretsUnreadable

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_BYTES = 32


class Secrets:
    """For any number of threads. The key is `key`, 32 bytes in base64, or else that in `key_file`, which is made when
    first needed."""

    def __init__(self, key_file: Path, key: str = "") -> None:
        self._key_file = key_file
        self._key = key
        self._lock = Lock()
        self._known: Fernet | None = None

    def seal(self, text: str) -> str:
        """Raises SecretsUnreadable."""
        return self._fernet().encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Raises SecretsUnreadable, also when another key sealed it."""
        fernet = self._fernet()
        _, invalid = _cryptography()
        try:
            return fernet.decrypt(sealed).decode()
        except invalid as error:
            raise SecretsUnreadable(reason="what is stored was encrypted with another key") from error

    def _fernet(self) -> "Fernet":
        with self._lock:
            if self._known is None:
                kind, _ = _cryptography()
                self._known = kind(urlsafe_b64encode(read_key(self._key) if self._key else _key_in(self._key_file)))
            return self._known


def read_key(text: str) -> bytes:
    """Raises ValueError unless it is 32 bytes in base64, of either alphabet."""
    key = urlsafe_b64decode(text.strip().replace("+", "-").replace("/", "_"))
    if len(key) != KEY_BYTES:
        raise ValueError(f"{len(key)} bytes in place of {KEY_BYTES}")
    return key


def _cryptography() -> "tuple[type[Fernet], type[Exception]]":
    try:
        from cryptography.fernet import Fernet, InvalidToken
    except ImportError as error:
        raise ExtraNotInstalled(extra="agents", package="cryptography") from error
    return Fernet, InvalidToken


def _key_in(file: Path) -> bytes:
    try:
        if not file.exists():
            _make(file)
        return read_key(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise SecretsUnreadable(reason=f"the key file cannot be used: {error}") from error


def _make(file: Path) -> None:
    """It appears under its name only once it is whole and on disk; one that another process made first stays."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        output.write(urlsafe_b64encode(os.urandom(KEY_BYTES)) + b"\n")
        output.flush()
        os.fsync(output.fileno())
    with suppress(FileExistsError):
        os.link(new, file)
    new.unlink()
