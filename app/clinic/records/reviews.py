"""What does the person really take? One talk about the medicines, with an answer for each that was asked about.

The three answers are those of the official follow-up form (SOURCE); missed days, how and why are plain facts in our own
words and make no score. An answer names the version of the entry that stood then, so it keeps what was prescribed.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from app.clinic.records import queries
from app.clinic.records.illness import Medication
from app.clinic.records.sections import SECTIONS
from app.clinic.records.shapes import Long, Source, Words
from app.core.access import Actor
from app.core.db import Database
from app.core.forms import Field
from app.core.words import N_, _

TAKES = {"regular": N_("Regularly"), "irregular": N_("Irregularly"), "not": N_("Not at all"), "own": N_("On their own")}
MEANS = {
    "regular": N_("As prescribed"), "irregular": N_("Not as prescribed: less often, less of it, or otherwise"),
    "not": N_("Prescribed, but not used"),
}  # fmt: skip
# The three answers stand in public copies of the form; what each means was read in a secondary copy of its instructions.
SOURCE = N_(
    "The field “medication adherence” of the follow-up form for hypertension, National Basic Public Health Service "
    "Specification, 3rd edition (2017), as public copies have it"
)
DAYS = 7


class NewReview(msgspec.Struct, frozen=True):
    """token: one per form shown."""

    reviewed_on: date | None = None
    source: Source = "patient"
    noticed: Long = ""
    agreed: Long = ""
    token: Annotated[str, Field(most=64)] = ""


class NewLine(msgspec.Struct, frozen=True):
    """missed: days without it among the last seven."""

    takes: Literal["regular", "irregular", "not"] | None = None
    missed: Annotated[int | None, Field(lowest=0, highest=DAYS)] = None
    how: Words = ""
    why: Words = ""

    @property
    def says(self) -> bool:
        return self.takes is not None or self.missed is not None or bool(self.how or self.why)


class OwnMedicine(msgspec.Struct, frozen=True):
    """Taken, though it did not stand in the record."""

    drug: Words = ""
    how: Words = ""
    why: Words = ""


class Review(msgspec.Struct, frozen=True):
    id: int
    reviewed_on: str
    source: str
    noticed: str
    agreed: str
    replaces_id: int | None
    reason: str
    retired: int
    retired_reason: str
    author: str | None
    at: str


class Line(msgspec.Struct, frozen=True):
    """An answer, with the medicine as it stood in the record then (prescribed: dose, way, how often)."""

    review_id: int
    reviewed_on: str
    medication_id: int
    takes: str
    missed: int | None
    how: str
    why: str
    drug: str
    prescribed: str


def told(line: NewLine | Line) -> str:
    """An answer in one line. How and why somebody takes what nobody prescribed stands in the entry itself."""
    if line.takes == "own":
        return _(TAKES["own"])
    missed = _("%(n)s of the last 7 days missed", n=line.missed) if line.missed is not None else ""
    return _(", ").join(part for part in (_(TAKES[line.takes]) if line.takes else "", missed, line.how, line.why) if part)


_REVIEW = """
SELECT r.id, r.reviewed_on, r.source, r.noticed, r.agreed, r.replaces_id, r.reason, r.retired_event_id IS NOT NULL AS retired,
  r.retired_reason, s.name AS author, e.at
FROM medication_reviews r JOIN events e ON e.id = r.event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
REVIEW = f"{_REVIEW} WHERE r.patient_id = :patient AND r.id = :id"
REVIEWS = f"{_REVIEW} WHERE r.patient_id = :patient AND r.retired_event_id IS NULL ORDER BY r.reviewed_on DESC, r.id DESC LIMIT :most"
_LINE = """
SELECT l.review_id, r.reviewed_on, l.medication_id, l.takes, l.missed, l.how, l.why, m.drug,
  replace(trim(m.dose || ' ' || m.route || ' ' || m.frequency), '  ', ' ') AS prescribed
FROM medication_review_lines l JOIN medication_reviews r ON r.id = l.review_id JOIN medications m ON m.id = l.medication_id
"""
LINES = f"{_LINE} WHERE l.review_id = :id ORDER BY l.medication_id"
# Each medicine as it stands today, through all its earlier versions, with every answer about it; the last one counts.
TAKING = f"""
WITH RECURSIVE chain (live, id) AS (
  SELECT id, id FROM medications WHERE patient_id = :patient AND retired_event_id IS NULL
  UNION ALL SELECT chain.live, m.replaces_id FROM chain JOIN medications m ON m.id = chain.id WHERE m.replaces_id IS NOT NULL
)
SELECT chain.live, told.* FROM chain JOIN ({_LINE} WHERE r.patient_id = :patient AND r.retired_event_id IS NULL) told
  ON told.medication_id = chain.id
ORDER BY told.reviewed_on, told.review_id
"""
LATER = "SELECT id FROM medication_reviews WHERE replaces_id = :id"
BY_TOKEN = "SELECT id FROM medication_reviews WHERE token = :token"
MOST = 200


def reviews_of(db: Database, patient_id: int, most: int = MOST) -> list[Review]:
    """Those that stand, the newest first."""
    return db.all(Review, REVIEWS, patient=patient_id, most=most)


def review(db: Database, patient_id: int, id: int) -> Review | None:
    """One version of this person's, standing or not."""
    return db.one(Review, REVIEW, patient=patient_id, id=id)


def newest_review(db: Database, id: int) -> int:
    """The version that stands today in the place of this one."""
    while (later := db.value(LATER, id=id)) is not None:
        id = later
    return id


def reviewed(db: Database, actor: Actor, patient_id: int, id: int) -> list[Line]:
    """The answers of one review, without those about medicines withheld from this actor."""
    return [line for line in db.all(Line, LINES, id=id) if line.medication_id not in hidden(db, actor, patient_id)]


def withholds(db: Database, actor: Actor, patient_id: int, id: int) -> bool:
    """Whether one of its answers is about a medicine withheld from this actor."""
    return len(reviewed(db, actor, patient_id, id)) < len(db.all(Line, LINES, id=id))


def taking(db: Database, patient_id: int) -> dict[int, Line]:
    """Medicine as it stands today → the last answer about it."""
    return {live: Line(*told) for live, *told in db.all(tuple, TAKING, patient=patient_id)}


def to_ask(db: Database, actor: Actor, patient_id: int, day: str) -> list[Medication]:
    """The medicines that are taken on that day, as far as this actor may see them."""
    part = queries.parts(db, actor, patient_id, ("medications",))["medications"]
    return [one for one in part.entries if not one.over(day)]


def hidden(db: Database, actor: Actor, patient_id: int) -> set[int]:
    noun = SECTIONS["medications"].noun
    return {id for name, id in queries.withheld(db, actor, patient_id) if name == noun}
