"""What stands on a card's papers: the card itself, its sticker, the letter that welcomes its people.

The same for a browser's page, with live drawings, and for the PDF, with pictures. In the person's language.
"""

from collections.abc import Sequence
from datetime import date

import msgspec
from markupsafe import Markup

from app.clinic import patients
from app.clinic.cards import entries, queries
from app.clinic.cards.shapes import Account, Card, CardType, Entitlement
from app.core import charts, clock, printed, settings, words
from app.core.db import Database
from app.core.words import _

PAPERS = ("print", "sticker", "letter")
WIDE = 24
NBSP = "\u00a0"


class Clinic(msgspec.Struct, frozen=True):
    name: str
    address: str
    phone: str


class Paper(msgspec.Struct, frozen=True):
    """people: on the card, the holder first. sold: the price list. pictures: for the PDF, which takes no drawings."""

    clinic: Clinic
    patient: patients.Patient
    card: Card
    people: list[patients.Patient]
    includes: list[Account]
    sold: list[CardType]
    today: str
    pictures: bool = False

    def barcode(self) -> Markup:
        return self._draw(charts.barcode(self.card.number, label=False))

    def qr(self) -> Markup:
        return self._draw(charts.qr(self.card.number, self.card.shown))

    def _draw(self, drawing: Markup) -> Markup:
        return Markup('<img src="{}" alt="">').format(charts.image(drawing)) if self.pictures else drawing

    def day(self, day: str) -> str:
        """As people say it: 2026年11月6日, 6 November 2026."""
        at = date.fromisoformat(day)
        return f"{at.year}年{at.month}月{at.day}日" if words.language() == "zh" else f"{at.day} {at:%B} {at.year}"

    @property
    def name(self) -> str:
        """The number stands in for the nameless."""
        return self.patient.name

    @property
    def long(self) -> bool:
        """Too long for large letters: a Chinese one is as wide as two others."""
        return sum(1 + (ord(letter) > 0x2E80) for letter in self.name) > WIDE

    @property
    def who(self) -> str:
        return " ".join(filter(None, [self.patient.sex_name, self.patient.born_told, self.patient.number]))

    @property
    def until(self) -> str:
        end = self.card.valid_until
        return _("Valid until %(day)s", day=self.day(end)) if end else _("Valid without an end")

    @property
    def back(self) -> list[tuple[str, str]]:
        """What stands on the back of the card: what it includes and for whom, short enough for it."""
        lines = [(_("What it includes"), self.said(self.includes))] if self.includes else []
        names = _(", ").join(one.name for one in self.people)
        return lines + ([(_("For"), shortened(names, 60))] if len(self.people) > 1 else [])

    def said(self, includes: Sequence[Entitlement]) -> str:
        return _(", ").join(f"{one.name}{NBSP}×{NBSP}{one.units}" for one in includes)


def paper(db: Database, patient: patients.Patient, card: Card, pictures: bool = False) -> Paper:
    """Everything the papers of this card say to this person."""
    ids, today = queries.people(db, card.id), clock.today().isoformat()
    who = patients.get_many(db, ids)
    known = settings.everything(db)
    clinic = Clinic(*(known.get(f"clinic_{name}", "") for name in ("name", "address", "phone")))
    sold = [one for one in queries.types(db) if not one.retired]
    return Paper(
        clinic, patient, card, [who[id] for id in ids if id in who], entries.usable(db, card.id), sold, today, pictures)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def document(of: Paper, which: str) -> str:
    """The HTML of the PDF."""
    return printed.html(f"pdf/card_{which}.html", of.patient.language, paper=of)
