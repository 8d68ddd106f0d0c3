from datetime import date
from typing import Annotated

import msgspec

from app.core.forms import Field
from app.core.judging import MEDIA_TYPES
from app.core.words import N_, _

LARGEST_FILE = 20 * 2**20
PERSON = N_("The person")
PHOTO, PDF = N_("Photo"), N_("PDF")


class Place(msgspec.Struct, frozen=True):
    """What an attachment hangs on: an entry of the record, results received together, or (both blank) the person."""

    section: str | None = None
    entry_id: int | None = None
    report_id: int | None = None

    @property
    def typed(self) -> str:
        """As a form says it; read_place reads it."""
        if self.section:
            return f"{self.section}:{self.entry_id}"
        return f"report:{self.report_id}" if self.report_id else ""


def read_place(text: str) -> Place:
    """conditions:3, report:5, or blank for the person."""
    section, _mark, id = text.partition(":")
    if not (section and id.isascii() and id.isdigit() and len(id) < 18):
        raise ValueError(N_("Please choose one of these."))
    return Place(report_id=int(id)) if section == "report" else Place(section, int(id))


class NewAttachment(msgspec.Struct, frozen=True):
    """taken_on: the day of the paper or the photo; blank is today. token: one per form shown."""

    title: Annotated[str, Field(most=120)] = ""
    taken_on: date | None = None
    place: Annotated[Place, Field(parse=read_place)] = Place()
    sensitive: bool = False
    token: Annotated[str, Field(most=64)] = ""


class Attachment(msgspec.Struct, frozen=True):
    """file, thumbnail: hashes. retired: 0 or 1; retired_reason: why it was taken out. at: UTC."""

    id: int
    section: str | None
    entry_id: int | None
    report_id: int | None
    file: str
    thumbnail: str | None
    kind: str
    size: int
    pages: int | None
    title: str
    taken_on: str
    sensitive: int
    replaces_id: int | None
    reason: str
    retired: int
    retired_reason: str
    author: str | None
    at: str

    @property
    def name(self) -> str:
        return self.title or _(PDF if self.kind == "pdf" else PHOTO)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]

    @property
    def file_name(self) -> str:
        """Our own; what somebody's device called it is nobody's business."""
        return f"attachment-{self.id}.{self.kind.replace('jpeg', 'jpg')}"

    @property
    def size_told(self) -> str:
        return f"{self.size / 2**20:.1f} MB" if self.size >= 2**20 else f"{max(1, self.size // 1024)} KB"

    @property
    def place(self) -> Place:
        return Place(self.section, self.entry_id, self.report_id)
