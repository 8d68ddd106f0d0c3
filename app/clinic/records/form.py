"""The resident health file: cover and personal form, filled in from what is known.

Fields, options and their numbers are those of 居民健康档案封面 and 个人基本信息表, 国家基本公共卫生服务规范（第三版，2017）,
as several public copies have them; the official print was not at hand (status C). What the form has no field for but the
record knows stands on a sheet after it.
"""

from collections.abc import Iterable

import msgspec

from app.clinic import patients, staff
from app.clinic.records import choices, queries
from app.clinic.records.rows import Row, chosen, line, listed, numbered
from app.clinic.records.sections import SECTIONS
from app.clinic.records.shapes import Entry, Part
from app.core import clock, settings
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_, _

AFTER = (
    "medications", "immunizations", "smoking", "alcohol", "exercise", "diet", "sleep", "womens_health", "needs", "wishes",
)  # what the form has no field for
# The form's illnesses and its numbers for them, by the beginning of the ICD-10 code.
ILLNESSES = (
    (2, N_("Hypertension"), ("I10", "I11", "I12", "I13", "I15")), (3, N_("Diabetes"), ("E10", "E11", "E12", "E13", "E14")),
    (4, N_("Coronary heart disease"), ("I20", "I21", "I22", "I23", "I24", "I25")), (5, N_("COPD"), ("J44",)),
    (6, N_("Cancer"), ("C",)), (7, N_("Stroke"), ("I60", "I61", "I62", "I63", "I64")),
    (8, N_("Severe mental illness"), ("F20", "F22", "F25", "F31")), (9, N_("Tuberculosis"), ("A15", "A16", "A17", "A18", "A19")),
    (10, N_("Hepatitis"), ("B15", "B16", "B17", "B18", "B19")),
)  # fmt: skip
OTHERS = ((11, N_("Another notifiable disease")), (12, N_("Occupational disease")), (13, N_("Other")))
IN_FAMILY = ((11, N_("Congenital malformation")), (12, N_("Other")))
DRUGS = (
    (2, N_("Penicillin"), ("青霉素", "penicillin")), (3, N_("Sulfonamides"), ("磺胺", "sulfon", "sulpho", "sulfa")),
    (4, N_("Streptomycin"), ("链霉素", "streptomycin")),
)  # fmt: skip


class Block(msgspec.Struct, frozen=True):
    title: str
    rows: list[Row]


class HealthFile(msgspec.Struct, frozen=True):
    """Made inside speaking(language). clinic: who keeps the file. withheld: sensitive entries that are not on it."""

    patient: patients.Patient
    clinic: str
    cover: list[Row]
    blocks: list[Block]
    printed_on: str
    withheld: int

    @property
    def language(self) -> str:
        return self.patient.language


def health_file(db: Database, actor: Actor, patient: patients.Patient) -> HealthFile:
    """Everything the form asks that this actor may see."""
    parts = queries.parts(db, actor, patient.id)
    clinic = settings.everything(db).get("clinic_name", "")
    blocks = [
        Block(_("Personal form"), _person(db, patient, parts)), Block(_("Past illnesses"), _past(parts)),
        Block(_("Family history"), _family(parts)), Block(_("Living environment"), _living(parts)),
        Block(_("What else the record knows"), _more(parts)),
    ]
    return HealthFile(
        patient, clinic, _cover(db, patient, parts, clinic), blocks, clock.today().isoformat(),
        sum(part.withheld for part in parts.values()),
    )


def _one(part: Part) -> Entry | None:
    return part.entries[0] if part.entries else None


def _cover(db: Database, patient: patients.Patient, parts: dict[str, Part], clinic: str) -> list[Row]:
    personal = _one(parts["personal"])
    doctor = staff.get(db, patient.doctor_id) if patient.doctor_id else None
    opened, by = queries.opened(db, patient.id)
    return [
        line(_("Number"), patient.number), line(_("Name"), patient.name), line(_("Present address"), patient.address),
        line(_("Registered address"), personal.registered_address if personal else ""),
        line(_("Phone"), ", ".join(one.shown for one in patients.lines(db, patient.id))),
        line(_("Township or street office"), personal.township if personal else ""),
        line(_("Village or neighbourhood committee"), personal.village if personal else ""),
        line(_("File kept by"), clinic), line(_("File opened by"), by or ""),
        line(_("Responsible doctor"), doctor.name if doctor else ""),
        line(_("File opened on"), clock.to_local(opened).date().isoformat()),
    ]


def _person(db: Database, patient: patients.Patient, parts: dict[str, Part]) -> list[Row]:
    personal = _one(parts["personal"])
    near = next((one for one in patients.related(db, patient.id) if one.kind == "emergency"), None)

    def said(name: str) -> str:
        return getattr(personal, name) if personal else ""

    return [
        chosen(_("Sex"), [(1, _("Male")), (2, _("Female")), (9, _("Not said"))], [{"male": 1, "female": 2}.get(patient.sex, 9)]),
        line(_("Birth date"), patient.born_told), line(_("ID number"), patients.document(db, patient.id, patients.RESIDENT_ID)),
        line(_("Workplace"), patient.workplace), line(_("Own phone"), ", ".join(one.shown for one in patients.lines(db, patient.id))),
        line(_("Contact's name"), near.name if near else ""), line(_("Contact's phone"), near.phone_told if near else ""),
        numbered(_("Household registration"), choices.RESIDENCES, said("residence")), line(_("Ethnic group"), said("ethnic_group")),
        numbered(_("Blood group"), choices.BLOOD, said("blood_group")), numbered("Rh", choices.RH, said("rh")),
        numbered(_("Schooling"), choices.EDUCATIONS, said("education")),
        numbered(_("Occupation"), patients.OCCUPATIONS, patient.occupation,
                 "" if patient.occupation in patients.OCCUPATIONS else patient.occupation, first=0),
        numbered(_("Marital status"), choices.MARITAL, said("marital")),
        numbered(_("Payment"), patients.PAYMENTS, patient.payment), _allergies(parts["allergies"]),
        numbered(_("Exposure"), choices.EXPOSURES, said("exposures"), said("exposure_note")),
    ]


def _allergies(part: Part) -> Row:
    options = [(1, _("None")), *((n, _(name)) for n, name, _said in DRUGS), (5, _("Other"))]
    found = [_drug(one.substance) for one in part.entries] or ([1] if part.none_known else [])
    return chosen(_("Drug allergies"), options, found, listed(
        _(", ").join(filter(None, (one.substance, one.reaction))) for one in part.entries))


def _drug(substance: str) -> int:
    return next((n for n, _name, said in DRUGS if any(word in substance.lower() for word in said)), 5)


def _past(parts: dict[str, Part]) -> list[Row]:
    illness, personal = parts["conditions"], _one(parts["personal"])
    options = [(1, _("None")), *((n, _(name)) for n, name, _codes in ILLNESSES), *((n, _(name)) for n, name in OTHERS)]
    found = [_illness(one.code, 13) for one in illness.entries] or ([1] if illness.none_known else [])
    told = (_(", ").join(filter(None, (one.text, one.code, _("confirmed %(when)s", when=one.onset) if one.onset else "")))
            for one in illness.entries)
    return [
        chosen(_("Illnesses"), options, found, listed(told)), *(_had(parts[id]) for id in ("procedures", "injuries", "transfusions")),
        numbered(_("Hereditary disease"), choices.HEREDITARY, personal.hereditary if personal else "",
                 personal.hereditary_note if personal else ""),
        _disabled(parts["disabilities"]),
    ]


def _illness(code: str, other: int) -> int:
    return next((n for n, _name, codes in ILLNESSES if code.startswith(codes)), other)


def _had(part: Part) -> Row:
    """None or some: operations, injuries, transfusions."""
    section = SECTIONS[part.id]
    found = [2] if part.entries else [1] if part.none_known else []
    return chosen(_(section.title), [(1, _("None")), (2, _("Had"))], found, listed(section.line(one) for one in part.entries))


def _disabled(part: Part) -> Row:
    options = [(1, _("No disability")), *((n, _(name)) for n, name in enumerate(choices.DISABILITIES.values(), 2))]
    places = {kind: n for n, kind in enumerate(choices.DISABILITIES, 2)}
    found = [places[one.kind] for one in part.entries] or ([1] if part.none_known else [])
    return chosen(_("Disabilities"), options, found, listed(SECTIONS["disabilities"].line(one) for one in part.entries))


def _family(parts: dict[str, Part]) -> list[Row]:
    part = parts["family_history"]
    options = [(1, _("None")), *((n, _(name)) for n, name, _codes in ILLNESSES), *((n, _(name)) for n, name in IN_FAMILY)]
    return [
        chosen(_(name), options, [11 if one.code.startswith("Q") else _illness(one.code, 12) for one in own] or ([1] if part.none_known else []),
               listed(one.text for one in own))
        for id, name in choices.RELATIVES.items()
        if (own := [one for one in part.entries if one.relative == id]) or id in ("father", "mother", "sibling", "child")
    ]


def _living(parts: dict[str, Part]) -> list[Row]:
    section, living = SECTIONS["living"], _one(parts["living"])
    return [
        numbered(section.label(name), section.choices(name), getattr(living, name) if living else "")
        for name in ("kitchen", "fuel", "water", "toilet", "animals")
    ]


def _more(parts: dict[str, Part]) -> list[Row]:
    return [line(_(SECTIONS[id].title), listed(_told(parts[id]))) for id in AFTER if parts[id].entries or parts[id].none_known]


def _told(part: Part) -> Iterable[str]:
    section, today = SECTIONS[part.id], clock.today()
    if not part.entries:
        yield _(section.none)
    for one in part.entries:
        if not one.over(today.isoformat()):
            known = section.figure(one, today)
            how = one.how if part.id == "medications" else known[0] if known else ""
            yield _(", ").join(filter(None, (section.line(one), how)))
