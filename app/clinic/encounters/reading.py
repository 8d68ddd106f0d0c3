"""What the typed lines of a consultation say: assessments, promises, and what is wrong with them. Nothing is written here."""

from collections.abc import Mapping
from datetime import date

import msgspec

from app.clinic.encounters.sections import CERTAINTIES, MOST_LINES
from app.clinic.encounters.shapes import Assessment, Promise, Text
from app.clinic.records import named, read_code
from app.core.forms import read_date
from app.core.words import N_

WRONG_CODE = N_("Line %(n)s: an ICD-10 code looks like I10 or E11.9. Leave it blank if you are not sure.")
NO_WORDS = N_("Line %(n)s: please say in words what it is.")
NO_DAY = N_("Line %(n)s: please say by when, as a date.")
PAST = N_("Line %(n)s: this day is over already.")
LONG = N_("Line %(n)s: at most %(most)s characters.")
MOST = 200


class Read(msgspec.Struct, frozen=True):
    """errors: section → (message id, params) of each line that cannot be signed as it is."""

    assessments: list[Assessment]
    promises: list[Promise]
    errors: dict[str, list[tuple[str, dict]]]


def read(texts: Mapping[str, Text], today: date) -> Read:
    found = Read([], [], {})
    assessment, plan = (texts[id].body if id in texts else {} for id in ("assessment", "plan"))
    for n in range(1, MOST_LINES + 1):
        _assessment(found, assessment, n)
        _promise(found, plan, n, today)
    return found


def _assessment(found: Read, body: Mapping[str, str], n: int) -> None:
    text, typed = body.get(f"text_{n}", ""), body.get(f"code_{n}", "")
    if not text and not typed:
        return
    try:
        code = read_code(typed) if typed else ""
    except ValueError:
        _wrong(found, "assessment", WRONG_CODE, n)
        return
    text = text or (known.plain if (known := named(code)) else "")
    certainty = body.get(f"certainty_{n}", "provisional")
    if not text or certainty not in CERTAINTIES:
        _wrong(found, "assessment", NO_WORDS, n)
    elif len(text) > MOST:
        _wrong(found, "assessment", LONG, n)
    else:
        found.assessments.append(Assessment(n, text, code, certainty, record=bool(body.get(f"record_{n}"))))


def _promise(found: Read, body: Mapping[str, str], n: int, today: date) -> None:
    what, typed = body.get(f"what_{n}", ""), body.get(f"on_{n}", "")
    if not what and not typed:
        return
    try:
        due = read_date(typed)
    except ValueError:
        _wrong(found, "plan", NO_DAY, n)
        return
    if due < today:
        _wrong(found, "plan", PAST, n)
    elif len(what) > MOST:
        _wrong(found, "plan", LONG, n)
    else:
        found.promises.append(Promise(n, what, due.isoformat()))


def _wrong(found: Read, section: str, message: str, n: int) -> None:
    found.errors.setdefault(section, []).append((message, {"n": n, "most": MOST}))
