"""What handlers work with."""

from dataclasses import dataclass

from weft.attachments.vault import Vault
from weft.registry import Registry
from weft.store.contract import Store


@dataclass(frozen=True, slots=True)
class Services:
    store: Store
    registry: Registry
    vault: Vault
