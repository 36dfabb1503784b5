"""Bytes that no attachment has: a process was killed between keeping or freeing them and saying so."""

from collections.abc import AsyncIterator, Sequence

from weft.attachments.vault import Vault
from weft.model.instants import now_us
from weft.store.contract import Store

# Bytes come before their row, and a client has a day to complete an upload, which counts as kept when it was started.
OLD_ENOUGH_US = 2 * 24 * 3600 * 1_000_000
AT_ONCE = 1000


async def find_orphans(store: Store, vault: Vault, before_us: int | None = None) -> AsyncIterator[Sequence[str]]:
    """The places of bytes that were kept before an instant, two days ago unless told, and that no attachment has.

    The vault must be of this store alone. Raises StoreUnavailable.
    """
    async for places in vault.places(now_us() - OLD_ENOUGH_US if before_us is None else before_us):
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            known = set(await store.known_places(some))
            if orphans := [place for place in some if place not in known]:
                yield orphans
