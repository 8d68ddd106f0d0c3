"""What happened before: operations, injuries, transfusions, vaccinations, the family's illnesses, disabilities."""

from typing import Annotated, Literal

from app.clinic.records.choices import DISABILITIES, GRADES, RELATIVES
from app.clinic.records.rules import read_icd10
from app.clinic.records.shapes import SOURCE, Entry, Long, Said, Vague, Words
from app.core.forms import Field

Relative = Literal["father", "mother", "sibling", "child", "grandparent", "other"]


class NewProcedure(Said, frozen=True):
    choices = SOURCE

    text: Words
    done_on: Vague = ""
    place: Words = ""
    note: Long = ""


class Procedure(Entry, frozen=True):
    text: str
    done_on: str
    place: str
    note: str
    sensitive: int


class NewInjury(Said, frozen=True):
    choices = SOURCE

    text: Words
    happened_on: Vague = ""
    note: Long = ""


class Injury(Entry, frozen=True):
    text: str
    happened_on: str
    note: str
    sensitive: int


class NewTransfusion(Said, frozen=True):
    choices = SOURCE

    why: Words
    given_on: Vague = ""
    reaction: Words = ""
    note: Long = ""


class Transfusion(Entry, frozen=True):
    why: str
    given_on: str
    reaction: str
    note: str
    sensitive: int


class NewImmunization(Said, frozen=True):
    """dose: which of how many, as the certificate says it. lot: the batch number."""

    choices = SOURCE

    vaccine: Words
    given_on: Vague = ""
    dose: Words = ""
    lot: Words = ""
    place: Words = ""
    note: Long = ""


class Immunization(Entry, frozen=True):
    vaccine: str
    given_on: str
    dose: str
    lot: str
    place: str
    note: str
    sensitive: int


class NewFamilyHistory(Said, frozen=True):
    """onset_age: of the relative."""

    choices = {"relative": RELATIVES, **SOURCE}

    relative: Relative
    text: Words
    code: Annotated[str, Field(parse=read_icd10)] = ""
    onset_age: Annotated[int | None, Field(lowest=0, highest=130)] = None
    note: Long = ""


class FamilyHistory(Entry, frozen=True):
    relative: str
    text: str
    code: str
    onset_age: int | None
    note: str
    sensitive: int


class NewDisability(Said, frozen=True):
    """grade: of the disability certificate, 1 the gravest. certificate: its number."""

    choices = {"kind": DISABILITIES, "grade": GRADES, **SOURCE}

    kind: Literal["vision", "hearing", "speech", "limb", "intellectual", "mental", "other"]
    grade: Literal["", "1", "2", "3", "4"] = ""
    since: Vague = ""
    certificate: Words = ""
    note: Long = ""


class Disability(Entry, frozen=True):
    kind: str
    grade: str
    since: str
    certificate: str
    note: str
    sensitive: int
