"""What runs in the family: illnesses of parents, siblings and children, offered as family history.

The list is the official form's; see hereditary.json for its source and status.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from app.clinic.households.queries import Tie
from app.clinic.patients import Patient
from app.core.db import Database
from app.core.words import pick


class Both(msgspec.Struct, frozen=True):
    zh: str
    en: str

    def __str__(self) -> str:
        return pick(self.zh, self.en)


class Illness(msgspec.Struct, frozen=True):
    """icd: the beginnings of the codes that mean it."""

    id: str
    zh: str
    en: str
    icd: tuple[str, ...]

    @property
    def name(self) -> str:
        return pick(self.zh, self.en)

    def means(self, code: str, text: str) -> bool:
        """A code decides; without one only the very name does."""
        return code.startswith(self.icd) if code else text.strip().lower() in (self.zh, self.en)


class _List(msgspec.Struct, frozen=True):
    source: Both
    status: str
    illnesses: tuple[Illness, ...]


_LIST = msgspec.json.decode((Path(__file__).parent / "hereditary.json").read_bytes(), type=_List)
SOURCE = _LIST.source
ILLNESSES = {one.id: one for one in _LIST.illnesses}


class Offer(msgspec.Struct, frozen=True):
    """An illness of a relative. role: the relative as the family history names them. text, code: as their own record has it."""

    relative: Patient
    relation: str
    role: str
    illness: Illness
    text: str
    code: str


class Declined(msgspec.Struct, frozen=True):
    relative: Patient
    relation: str
    illness: Illness


def role_of(tie: Tie) -> str:
    """Who somebody is on the form; blank for those it does not ask about."""
    if tie.relation == "parent":
        return {"male": "father", "female": "mother"}.get(tie.patient.sex, "")
    return tie.relation if tie.relation in ("sibling", "child") else ""


# What a relative has told in confidence is nobody else's family history.
ILL = """
SELECT patient_id, code, text FROM conditions
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
  AND sensitive = 0 AND certainty = 'confirmed' ORDER BY id
"""
KNOWN = "SELECT relative, code, text FROM family_history WHERE patient_id = :id AND retired_event_id IS NULL"
DECLINED = "SELECT relative_id, illness FROM declined_offers WHERE patient_id = :id AND retired_event_id IS NULL"


def offers(db: Database, patient_id: int, ties: Iterable[Tie]) -> list[Offer]:
    """What the close relatives have that stands neither in the family history nor was declined; each illness once a relative.

    Of a relative who asked that their data not be used, nothing is.
    """
    close = {tie.patient.id: tie for tie in ties if role_of(tie) and not tie.patient.restricted}
    if not close:
        return []
    found = {}
    for relative_id, code, text in db.all(tuple, ILL, ids=json.dumps(list(close))):
        for illness in ILLNESSES.values():
            if illness.means(code, text):
                tie = close[relative_id]
                offer = Offer(tie.patient, tie.name, role_of(tie), illness, text, code)
                found.setdefault((relative_id, illness.id), offer)
    if not found:
        return []
    said = db.all(tuple, KNOWN, id=patient_id)
    gone = set(db.all(tuple, DECLINED, id=patient_id))
    return [one for key, one in found.items() if key not in gone and not _stands(one, said)]


def _stands(offer: Offer, said: list[tuple[str, str, str]]) -> bool:
    return any(relative == offer.role and offer.illness.means(code, text) for relative, code, text in said)


def declined(db: Database, patient_id: int, ties: Iterable[Tie]) -> list[Declined]:
    """What was looked at and not taken into the family history."""
    near = {tie.patient.id: tie for tie in ties}
    rows = db.all(tuple, DECLINED, id=patient_id)
    return [
        Declined(near[relative_id].patient, near[relative_id].name, ILLNESSES[illness])
        for relative_id, illness in rows if relative_id in near and illness in ILLNESSES
    ]
