"""The recovery sheet: the key as it is typed by hand or read by a scanner, and how to restore, in both languages."""

import msgspec
from markupsafe import Markup

from app.clinic.backups import queries
from app.clinic.backups.placing import own_name
from app.core import charts, clock, printed, settings, typable, words
from app.core.db import Database
from app.core.sealing import id_of
from app.core.words import N_, _

ON_A_LINE = 4
TITLE, WHERE = N_("Recovery sheet"), N_("Where backups go")
KEEP = N_("Keep this like a contract: whoever has it and a backup can read everything. To get the clinic back on any machine:")
STEPS = (
    (N_("Put Yihe on it (Python 3.11 or newer, nothing else), the same version or a newer one. Plug in the stick, or copy the folder of backups."), ""),
    (N_("In Yihe's folder, with where the folder of the backups is; the newest in it is taken:"), "python3 run.py restore …/{folder}"),
    (N_("Type the sixteen groups from above, large or small letters, or read the code with a scanner. A mistyped group is named."), ""),
    (N_("Start it, and sign in as before:"), "python3 run.py --lan"),
)


class Step(msgspec.Struct, frozen=True):
    text: str
    command: str


class Told(msgspec.Struct, frozen=True):
    keep: str
    steps: list[Step]


class Sheet(msgspec.Struct, frozen=True):
    """lines: of groups. number: which key it is. qr: a drawing, or for the PDF a picture."""

    clinic: str
    printed: str
    title: str
    number: str
    lines: list[list[str]]
    qr: Markup
    told: list[Told]
    where: str
    places: list[str]


def sheet(db: Database, key: bytes, pictures: bool = False) -> Sheet:
    groups = typable.groups(key)
    drawing = charts.qr("-".join(groups), TITLE)
    name = settings.get(db, "clinic_name", "") or "Yihe 医和"
    return Sheet(
        name, f"{clock.today()}", _both(TITLE), id_of(key).hex()[:8],
        [groups[at : at + ON_A_LINE] for at in range(0, len(groups), ON_A_LINE)],
        Markup('<img src="{}" alt="">').format(charts.image(drawing)) if pictures else drawing,
        [Told(_in(language, KEEP), [Step(_in(language, text), command.format(folder=own_name(key))) for text, command in STEPS]) for language in words.LANGUAGES],
        f"{_both(WHERE)}:", [one.told for one in queries.places(db)],
    )


def _both(text: str) -> str:
    return " · ".join(_in(language, text) for language in words.LANGUAGES)


def _in(language: str, text: str) -> str:
    with words.speaking(language):
        return _(text)


def document(of: Sheet) -> str:
    """The HTML of the PDF."""
    return printed.html("pdf/recovery.html", "zh", paper=of)
