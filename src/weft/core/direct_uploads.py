"""Attachments of which the client sends the bytes to the vault itself (Opik's contract, H.4)."""

from collections.abc import Sequence

from weft.attachments.vault import StartedUpload, UploadedPart, Vault
from weft.errors import UploadNotFound
from weft.model.attachment import Attachment
from weft.model.instants import now_us
from weft.store.contract import Store


async def start_upload(vault: Vault, attachment: Attachment, parts: int) -> StartedUpload | None:
    """None if the content has to come through this server. Raises what `DirectUploads.start` does."""
    return None if vault.uploads is None else await vault.uploads.start(_identity(attachment), parts)


async def complete_upload(
    store: Store, vault: Vault, attachment: Attachment, upload_id: str, parts: Sequence[UploadedPart]
) -> None:
    """Puts the attachment, of which size, place and time are told here. May be repeated.

    Raises what `DirectUploads.complete` does.
    """
    if vault.uploads is None:
        raise UploadNotFound
    place, size = await vault.uploads.complete(upload_id, _identity(attachment), parts)
    await store.put_attachments([attachment.kept(place, size, now_us())])


def _identity(attachment: Attachment) -> str:
    """One text for the key, which no other key has."""
    return repr(
        (
            attachment.workspace_id,
            attachment.project_id,
            attachment.entity_type,
            attachment.entity_id,
            attachment.file_name,
        )
    )
