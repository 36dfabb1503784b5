"""Files of traces and spans: those that are uploaded, and those that come inside a payload.

Opik's contract, H.4 and C.8: a large file in base64 inside an input, output or metadata becomes an attachment, with a
reference in its place, and is put back when the trace or span is read.
"""

from asyncio import to_thread
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from itertools import product
from typing import NamedTuple, TypeVar

from weft.attachments.vault import Vault
from weft.core.embedded_files import MIN_CHARACTERS, EmbeddedFile, put_back, take_out_files
from weft.errors import BytesNotFound
from weft.model.attachment import Attachment, AttachmentQuery, referenced_files
from weft.model.feedback_score import EntityType
from weft.model.instants import now_us
from weft.model.merge import Patch, with_payloads
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Store, Target

Row = TypeVar("Row", Trace, Span)

PAYLOADS = ("input", "output", "metadata")


async def attach(store: Store, vault: Vault, attachment: Attachment, content: AsyncIterable[bytes]) -> None:
    """Keeps the content and puts the attachment, of which size, place and time are told here."""
    place, size = await vault.put(content)
    try:
        await store.put_attachments([attachment.kept(place, size, now_us())])
    except Exception:
        await vault.delete([place])
        raise


@asynccontextmanager
async def stripped(store: Store, vault: Vault, rows: Sequence[Row]) -> AsyncIterator[Sequence[Row]]:
    """The rows without the files in their payloads, which are attachments for as long as the block does not raise."""
    if not any(row.payload_bytes >= MIN_CHARACTERS for row in rows):
        yield rows
        return
    kept: list[Attachment] = []
    try:
        yield [await _strip_row(store, vault, row, kept) for row in rows]
    except Exception:
        await forget(store, kept)
        raise


class StrippedPatch(NamedTuple):
    """A patch without the files in its payloads, which are these attachments."""

    patch: Patch
    files: Sequence[Attachment] = ()


def stripped_patch(
    store: Store, vault: Vault, target: Target, patch: Patch, of: type[Trace] | type[Span]
) -> AbstractAsyncContextManager[StrippedPatch]:
    """As `stripped`, for a patch of a trace or a span."""

    async def owners() -> list[Attachment]:
        return [_owner(target.workspace_id, await _project_of(store, target, of), of, target.id, patch.by)]

    return _stripped_patch(store, vault, patch, owners)


def stripped_patch_of_many(
    store: Store, vault: Vault, workspace_id: str, ids: Sequence[str], patch: Patch, of: type[Trace] | type[Span]
) -> AbstractAsyncContextManager[StrippedPatch]:
    """As `stripped_patch`, for those of the ids that exist. Each of them gets files of its own."""

    async def owners() -> list[Attachment]:
        places = await store.projects_of(workspace_id, _entity_type(of), ids)
        return [_owner(workspace_id, project_id, of, id, patch.by) for id, project_id in places]

    return _stripped_patch(store, vault, patch, owners)


async def forget(store: Store, attachments: Sequence[Attachment]) -> None:
    """Deletes attachments of payloads that were not stored after all."""
    for attachment in attachments:
        query = AttachmentQuery(
            attachment.workspace_id, attachment.project_id, attachment.entity_type, attachment.entity_id
        )
        await store.delete_attachments(query, [attachment.file_name])


async def restored(store: Store, vault: Vault, row: Row) -> Row:
    """The row with the files back in their places. A reference to what is not there any more stays."""
    names = referenced_files(row.input, row.output, row.metadata)
    if not names:
        return row
    query = AttachmentQuery(row.workspace_id, row.project_id, _entity_type(type(row)), row.id)
    payloads = {name: getattr(row, name) for name in PAYLOADS}
    for attachment in await store.get_attachments(query, sorted(names)):
        try:
            content = await _whole(vault, attachment)
        except BytesNotFound:
            continue
        payloads = {name: text and put_back(text, attachment.file_name, content) for name, text in payloads.items()}
    return with_payloads(row, payloads)


@asynccontextmanager
async def _stripped_patch(
    store: Store, vault: Vault, patch: Patch, find_owners: Callable[[], Awaitable[list[Attachment]]]
) -> AsyncIterator[StrippedPatch]:
    payloads = {name: text for name in PAYLOADS if isinstance(text := patch.values.get(name), str)}
    if not _may_hold_files(*payloads.values()):
        yield StrippedPatch(patch)
        return
    owners = await find_owners()
    kept: list[Attachment] = []
    try:
        yield StrippedPatch(patch.with_values(await _strip(store, vault, owners, payloads, kept)), kept)
    except Exception:
        await forget(store, kept)
        raise


def _owner(workspace_id: str, project_id: str, of: type[Trace] | type[Span], id: str, user: str) -> Attachment:
    """An attachment of a trace or span that lacks only what is its own."""
    return Attachment(workspace_id, project_id, _entity_type(of), id, "", created_by=user)


def _may_hold_files(*payloads: str | None) -> bool:
    return any(text is not None and len(text) >= MIN_CHARACTERS for text in payloads)


async def _strip_row(store: Store, vault: Vault, row: Row, kept: list[Attachment]) -> Row:
    texts = {name: text for name in PAYLOADS if (text := getattr(row, name)) is not None}
    if not _may_hold_files(*texts.values()):
        return row
    owner = _owner(row.workspace_id, row.project_id, type(row), row.id, row.last_updated_by)
    return with_payloads(row, await _strip(store, vault, [owner], texts, kept))


async def _strip(
    store: Store, vault: Vault, owners: Sequence[Attachment], payloads: dict[str, str], kept: list[Attachment]
) -> dict[str, str]:
    """The payloads without files, each of which is put for each owner and noted in `kept`."""
    at_ms = now_us() // 1000
    texts: dict[str, str] = {}
    for name, text in payloads.items():
        texts[name], files = await to_thread(take_out_files, text, name, at_ms)
        for owner, file in product(owners, files):
            attachment = owner.named(file.name, file.mime_type)
            await attach(store, vault, attachment, _parts(file))
            kept.append(attachment)
    return texts


async def _parts(file: EmbeddedFile) -> AsyncIterator[bytes]:
    yield file.content


async def _whole(vault: Vault, attachment: Attachment) -> bytes:
    async with aclosing(await vault.open(attachment.place, 0, attachment.file_size)) as parts:
        return b"".join([part async for part in parts])


async def _project_of(store: Store, target: Target, of: type[Trace] | type[Span]) -> str:
    """Where a patch goes: to the project that it names, or else to the one its trace or span is in."""
    if target.project_id is not None:
        return target.project_id
    found = await store.projects_of(target.workspace_id, _entity_type(of), [target.id])
    return found[0][1] if found else target.default_project_id


def _entity_type(of: type[Trace] | type[Span]) -> EntityType:
    return "trace" if of is Trace else "span"
