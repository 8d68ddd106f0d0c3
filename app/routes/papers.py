"""Identity documents in the form: what is wrong with a number stands beside it, what it says is filled in."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from app.clinic import patients
from app.core import clock
from app.core.errors import Invalid, Refusal
from app.core.forms import Form, bind
from app.core.words import N_, _

T = TypeVar("T")
NONE = "none"
FIELDS = ("document", "document_2")  # each with its kind in *_kind


def read(shape: type[T], data: Mapping[str, Any]) -> Form[T]:
    """As bind, and what is wrong with a document stands beside it at once, with everything else that is wrong."""
    form = bind(shape, data)
    for slot in FIELDS:
        try:
            _document(form.raw.get(f"{slot}_kind") or "resident_id", form.raw[slot])
        except Refusal as refusal:
            form.errors.setdefault(slot, str(refusal))
    return form


def _document(kind: str, text: str) -> patients.Document | None:
    if kind == NONE and text:
        raise Refusal(N_("A number and “has none” cannot both be right."))
    return patients.read_document(kind, text, clock.today()) if text and kind in patients.DOCUMENTS else None


def fill_from_document(form: Form) -> None:
    """A number says sex and birth date, and sometimes of which document it is; filled in before the eyes of who types."""
    kind = patients.recognised(form.raw["document"]) or form.raw.get("document_kind") or "resident_id"
    try:
        read = _document(kind, form.raw["document"])
    except Refusal:  # the form says already what is wrong with it
        return
    form.raw["document_kind"] = kind
    form.errors.pop("document", None)
    if read:
        form.raw["document"] = read.number
    if read and read.birth_date:
        form.raw["sex"], form.raw["birth"] = read.sex, read.birth_date.isoformat()
        form.errors.pop("sex", None)
        form.errors.pop("birth", None)


def fitting(given: Any) -> list[patients.Document]:
    """The documents of a form without errors. Raises Invalid when one says something else than sex and birth date do."""
    read = [one for slot in FIELDS if (one := _document(getattr(given, f"{slot}_kind"), getattr(given, slot)))]
    birth, sex = given.birth, given.sex
    for document in read:
        if document.birth_date:
            _compare(birth, sex, document)
            birth, sex = patients.Birth(document.birth_date), document.sex
    return list(dict.fromkeys(read))


def _compare(birth: patients.Birth | None, sex: str, read: patients.Document) -> None:
    wrong = {}
    if birth and not _same_birth(birth, read.birth_date):
        wrong["birth"] = (N_("The ID number says %(date)s."), {"date": read.birth_date.isoformat()})
    if sex not in ("unknown", read.sex):
        wrong["sex"] = (N_("The ID number says: %(sex)s."), {"sex": _(patients.SEXES[read.sex])})
    if wrong:
        raise Invalid(wrong)


def _same_birth(birth: patients.Birth, on: date) -> bool:
    return birth.on.year == on.year if birth.about else birth.on == on
