"""The questionnaires that come with the house, as FHIR files, and what each says of its licence and its words."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from app.clinic.questionnaires import extensions as ext
from app.clinic.questionnaires.actions import ship
from app.clinic.questionnaires.extensions import OURS
from app.clinic.questionnaires.reading import read
from app.clinic.questionnaires.shapes import Definition, Text
from app.core.db import Database
from app.core.words import N_

FOLDER = Path(__file__).parent / "library"
LICENCES = {
    "free": N_("Free to use"), "public-domain": N_("Public domain"), "government": N_("Official form"), "own": N_("Made by this house"),
    "table": N_("Published table, our own wording"), "non-commercial": N_("Not for commercial use"), "permission": N_("Only with permission"),
    "unclear": N_("Permission not found"),
}  # fmt: skip
STATUSES = {
    "V": N_("Checked against the source"), "C": N_("Compared with public copies"), "P": N_("Worded by this house"), "U": N_("Not verified"),
}  # fmt: skip


class Standing(msgspec.Struct, frozen=True):
    """licence: one of LICENCES, blank where nothing is said. texts: one of STATUSES by language. held_back: why it waits."""

    licence: str
    texts: dict[str, str]
    scoring: str
    source: Text
    held_back: Text


class Shipped(msgspec.Struct, frozen=True):
    code: str
    fhir: str
    digest: str

    @property
    def is_on(self) -> bool:
        """Offered at once, unless something has to be done or asked first, or nobody has verified its words."""
        stands = standing(read(self.fhir))
        return not stands.held_back and "U" not in stands.texts.values()


@cache
def library() -> dict[str, Shipped]:
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = Shipped(path.stem, text, sha256(text.encode()).hexdigest())
    return found


def seed(db: Database) -> None:
    """Take over what is new or has changed; the clinic's own copies and its switches stay as they are."""
    for one in library().values():
        ship(db, one.code, one.fhir, one.digest, one.is_on)


def standing(definition: Definition) -> Standing:
    raw, language = definition.raw, definition.language
    return Standing(
        ext.code(raw, f"{OURS}licence"), definition.texts, definition.scoring, ext.text(ext.first(raw, f"{OURS}source"), "valueString", language),
        ext.text(ext.first(raw, f"{OURS}held-back"), "valueString", language),
    )  # fmt: skip
