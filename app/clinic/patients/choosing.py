"""Two records side by side: what each says, and which of both is to stand."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.clinic import staff
from app.clinic.patients import queries
from app.clinic.patients.background import OCCUPATIONS, PAYMENTS, SOURCES, told
from app.clinic.patients.documents import DOCUMENTS
from app.clinic.patients.shapes import SEXES, Patient
from app.core.db import Database
from app.core.words import LANGUAGES, N_, _

# Field → its columns; the first says it.
COLUMNS = {
    "name": ("name", "name_is_number"), "sex": ("sex",), "birth_date": ("birth_date", "birth_about"), "address": ("address",),
    "workplace": ("workplace",), "occupation": ("occupation",), "payment": ("payment",), "source": ("source",),
    "photo": ("photo",), "language": ("language",), "doctor": ("doctor_id",), "manager": ("manager_id",),
}  # fmt: skip
NAMES = {
    "name": N_("Name"), "sex": N_("Sex"), "birth_date": N_("Birth date"), "address": N_("Address"),
    "workplace": N_("Workplace"), "occupation": N_("Occupation"), "payment": N_("Payment"), "source": N_("How they came"),
    "photo": N_("Photo"), "language": N_("Language"), "doctor": N_("Responsible doctor"), "manager": N_("Health manager"),
}  # fmt: skip


class Choice(msgspec.Struct, frozen=True):
    """texts: what the first and the second record say, as people read it. both: there is something to choose."""

    id: str
    name: str
    texts: tuple[str, str]

    @property
    def both(self) -> bool:
        return all(self.texts) and self.texts[0] != self.texts[1]

    @property
    def usual(self) -> int:
        """Where only one of them says something, that one."""
        return 1 if self.texts[1] and not self.texts[0] else 0


def choices(db: Database, first: Patient, second: Patient) -> list[Choice]:
    """Every field either record says something about; identity documents by their kind."""
    say = _tellers(db)
    found = [Choice(field, _(NAMES[field]), (say[field](first), say[field](second))) for field in COLUMNS]
    found += [
        Choice(f"document_{system}", _(name), (queries.document(db, first.id, system), queries.document(db, second.id, system)))
        for system, name in DOCUMENTS.items()
    ]
    return [one for one in found if any(one.texts)]


def _tellers(db: Database) -> dict[str, Callable[[Patient], str]]:
    names = staff.names(db)
    plain: dict[str, Callable[[Patient], Any]] = {
        "name": lambda one: "" if one.name_is_number else one.name,
        "sex": lambda one: "" if one.sex == "unknown" else _(SEXES[one.sex]),
        "birth_date": lambda one: one.born_told, "address": lambda one: one.address, "workplace": lambda one: one.workplace,
        "occupation": lambda one: one.occupation and told(OCCUPATIONS, one.occupation),
        "payment": lambda one: _(", ").join(told(PAYMENTS, code) for code in one.payments),
        "source": lambda one: one.source and told(SOURCES, one.source),
        "photo": lambda one: one.photo[:8], "language": lambda one: LANGUAGES[one.language],
        "doctor": lambda one: names.get(one.doctor_id, ""), "manager": lambda one: names.get(one.manager_id, ""),
    }
    return plain
