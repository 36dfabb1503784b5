"""Whether attachments and their bytes fit each other."""

from dataclasses import dataclass

from weft.attachments.vault import Vault
from weft.core.orphans import find_orphans
from weft.model.instants import now_us
from weft.registry import Registry
from weft.store.contract import Scope, Store

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class AttachmentCheck:
    """`orphans` are files of days ago that no attachment has, `lost` are attachments without their file."""

    attachments: int
    orphans: int
    lost: int


async def check_attachments(store: Store, registry: Registry, vault: Vault) -> AttachmentCheck:
    """Raises StoreUnavailable."""
    places: list[str] = []
    for project in await registry.retention.all():
        places += await _places(store, Scope(project.workspace_id, project.project_id))
    kept: set[str] = set()
    async for some in vault.places(now_us() + 1):
        kept.update(some)
    orphans = 0
    async for found in find_orphans(store, vault):
        orphans += len(found)
    return AttachmentCheck(len(places), orphans, sum(1 for place in places if place not in kept))


async def _places(store: Store, scope: Scope) -> list[str]:
    places: list[str] = []
    after = None
    while page := await store.attachments_of_project(scope, after, AT_ONCE):
        places += [attachment.place for attachment in page]
        last = page[-1]
        after = (last.entity_type, last.entity_id, last.file_name)
    return places
