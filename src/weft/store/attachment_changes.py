"""Writes of attachments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weft.model.attachment import Attachment
from weft.store.changes import Table
from weft.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PutAttachments:
    """One of the same name on the same entity is replaced, and its bytes are free, unless they are the same again."""

    attachments: Sequence[Attachment]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"attachments": [attachment.entity_id for attachment in self.attachments]}

    def apply(self, unit: UnitOfWork) -> None:
        for attachment in self.attachments:
            stored = unit.attachments.same_as(attachment)
            if stored is not None and stored.place != attachment.place:
                unit.freed.append(stored.place)
            unit.attachments.set(attachment)
