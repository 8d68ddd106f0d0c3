"""Drafts: what somebody has typed and not yet sent, kept while they type.

Only its author ever sees a draft. It goes when the form is sent, when its author throws it away, or after a month.
"""

from datetime import timedelta
from typing import Annotated

import msgspec

from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal, TooLarge
from app.core.words import N_

MOST = 100  # drafts of one person; more are not thrown away silently, they are refused
MOST_BYTES = 100_000  # of one draft's fields
KEPT_DAYS = 30
# A path of our own. A browser leaves out tabs and line ends, so what follows one counts as the beginning.
OURS = r"^/(?![/\\])[^\x00-\x20]*\Z"


class NewDraft(msgspec.Struct, frozen=True):
    """page: the path it was typed on. form: where it would have been sent. fields: (name, text) as the browser would send them."""

    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    page: Annotated[str, msgspec.Meta(max_length=200, pattern=OURS)]
    form: Annotated[str, msgspec.Meta(max_length=200, pattern=OURS)]
    title: Annotated[str, msgspec.Meta(max_length=200)]
    fields: list[tuple[str, str]]


class Draft(msgspec.Struct, frozen=True):
    """saved_at: UTC stamp. fields: JSON of (name, text)."""

    key: str
    page: str
    form: str
    title: str
    fields: list[tuple[str, str]]
    saved_at: str

    @property
    def begins(self) -> str:
        """The longest words in it, to recognise it by; blank where it says numbers and choices only."""
        told = [text for name, text in self.fields if name not in UNSEEN]
        return max(filter(_says, told), default="", key=len)[:60] or max(filter(str.isalpha, told), default="", key=len)[:60]


def _says(text: str) -> bool:
    """Words people typed: no ID number, no day, no token, and not the code of a choice."""
    return any(map(str.isalpha, text)) and (not text.isascii() or " " in text.strip())


UNSEEN = {"version", "token", "seen", "photo"}

_DRAFT = "SELECT key, page, form, title, fields, saved_at FROM drafts WHERE staff_id = :staff"
OF_PAGE = f"{_DRAFT} AND page = :page ORDER BY saved_at DESC LIMIT 5"
ALL = f"{_DRAFT} ORDER BY saved_at DESC LIMIT 100"


def drafts(db: Database, actor: Actor, page: str | None = None) -> list[Draft]:
    """The actor's own, of one page or all, newest first."""
    rows = db.all(tuple, ALL if page is None else OF_PAGE, staff=actor.id, **({} if page is None else {"page": page}))
    return [Draft(*row[:4], msgspec.json.decode(row[4], type=list[tuple[str, str]]), row[5]) for row in rows]


COUNT = "SELECT count(*) FROM drafts WHERE staff_id = :staff AND key <> :key"
SAVE = """
INSERT INTO drafts (key, staff_id, page, form, title, fields, saved_at) VALUES (:key, :staff, :page, :form, :title, :fields, :at)
ON CONFLICT (staff_id, key) DO UPDATE SET fields = excluded.fields, title = excluded.title, saved_at = excluded.saved_at
"""


def save_draft(db: Database, actor: Actor, new: NewDraft) -> str:
    """Keep it; when it was kept, as a UTC stamp. Raises TooLarge, or Refusal when too many lie about."""
    fields = msgspec.json.encode(new.fields)
    if len(fields) > MOST_BYTES:
        raise TooLarge(N_("This is too long to be kept as a draft. Please send it soon."))
    if db.value(COUNT, staff=actor.id, key=new.key) >= MOST:
        raise Refusal(N_("Too many unfinished forms are kept for you. Throw some away under My unfinished forms."))
    at = clock.stamp()
    with db.aside():
        db.execute(
            SAVE, key=new.key, staff=actor.id, page=new.page, form=new.form, title=new.title, fields=fields.decode(), at=at)
    return at


THERE = "SELECT 1 FROM drafts WHERE staff_id = :staff AND key = :key"
DROP = "DELETE FROM drafts WHERE staff_id = :staff AND key = :key"


def drop_draft(db: Database, actor: Actor, key: str) -> None:
    """It was sent, or thrown away."""
    if db.value(THERE, staff=actor.id, key=key):
        with db.aside():
            db.execute(DROP, staff=actor.id, key=key)


DROP_OLD = "DELETE FROM drafts WHERE saved_at < :before"


def drop_old_drafts(db: Database) -> None:
    with db.aside():
        db.execute(DROP_OLD, before=clock.stamp(clock.now() - timedelta(days=KEPT_DAYS)))
