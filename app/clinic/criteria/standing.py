"""Fields known from the person and the record: age, sex, condition, card."""

import re
from typing import Any

from app.clinic.criteria.fields import Asking, Field, Part, compare, register_field
from app.clinic.criteria.shapes import Fact
from app.core.words import N_, _

PATIENT = frozenset({"patient.registered", "patient.edited", "patient.withdrawn"})
# As patients.age_of has it: born on 29 February, a year older on 1 March of other years. Of a person whose year
# alone is known it is counted from 1 July, so it may be one off; the evidence says "about".
AGE = "(:year - substr(p.birth_date, 1, 4) - (:monthday < substr(p.birth_date, 6)))"
SEX = "nullif(p.sex, 'unknown')"
CARD_KINDS = ("opened", "closed", "renewed", "suspended", "resumed", "upgraded", "taken_back", "person_added", "person_removed")
SEXES = {"male": N_("male"), "female": N_("female")}


def _age(fact: Fact, asking: Asking) -> Part:
    evidence = f"json_object('field', 'age', 'value', {AGE}, 'about', p.birth_about)"
    return Part(f"coalesce({compare(AGE, fact, asking)}, 0)", evidence)


def _age_told(item: dict[str, Any]) -> str:
    return _(N_("about %(n)s years old") if item["about"] else N_("%(n)s years old"), n=item["value"])


def _sex(fact: Fact, asking: Asking) -> Part:
    """Unknown is missing, so it compares as false."""
    return Part(f"coalesce({compare(SEX, fact, asking)}, 0)", "json_object('field', 'sex', 'value', p.sex)")


def _condition(fact: Fact, asking: Asking) -> Part:
    """Active and confirmed, by the beginning of its code. Sensitive entries take no part: a tag would tell them."""
    first, last = asking.bind(fact.code), asking.bind(fact.code + "\U0010ffff")
    rows = f"""
SELECT c.patient_id, max(c.id) AS id, c.code, c.noted_on FROM conditions c
WHERE c.code <> '' AND c.code >= {first} AND c.code < {last} AND c.retired_event_id IS NULL
  AND c.status = 'active' AND c.certainty = 'confirmed' AND c.sensitive = 0 /*for c.patient_id*/ GROUP BY c.patient_id"""
    a = asking.alias
    evidence = f"json_object('field', 'condition', 'code', {a}.code, 'taken_at', {a}.noted_on, 'conditions', json_array({a}.id))"
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, selective=True)


def is_code(code: str) -> bool:
    """An ICD-10 code, or the beginning of one."""
    return bool(re.fullmatch(r"[A-Z]\d[0-9A-Z]?(\.[0-9A-Z]{0,4})?", code))


def _card(fact: Fact, asking: Asking) -> Part:
    """On an open card that is valid today, one's own or the family's; of a given type or any."""
    typed = f"AND c.type_id = {asking.bind(int(fact.code))}" if fact.code else ""
    rows = f"""
SELECT k.patient_id, c.id, c.type_id, c.opened_on FROM cards c JOIN card_people k ON k.card_id = c.id AND k.removed_event_id IS NULL
WHERE c.closed_event_id IS NULL AND c.suspended_event_id IS NULL AND coalesce(c.valid_until, :today) >= :today {typed}
  /*for k.patient_id*/"""
    a = asking.alias
    evidence = f"json_object('field', 'card', 'code', {a}.type_id, 'taken_at', {a}.opened_on, 'cards', json_array({a}.id))"
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, selective=True)


register_field(Field(
    name="age", label=N_("Age"), kind="number", part=_age, told=_age_told, heard=PATIENT, unit=lambda fact: _("years"),
    has=N_("%(name)s known"), has_not=N_("%(name)s not known"),
))
register_field(Field(
    name="sex", label=N_("Sex"), kind="choice", part=_sex, told=lambda item: _(SEXES[item["value"]]), heard=PATIENT,
    choices=SEXES, has=N_("%(name)s known"), has_not=N_("%(name)s not known"),
))
register_field(Field(
    name="condition", label=N_("Condition"), kind="having", part=_condition,
    told=lambda item: _("%(day)s condition %(code)s", day=item["taken_at"], code=item["code"]),
    heard=frozenset({"condition.recorded", "condition.corrected", "condition.withdrawn", "condition.restored"}), code="needed",
    well_formed=is_code,
    has=N_("has the condition %(name)s"), has_not=N_("does not have the condition %(name)s"),
))
register_field(Field(
    name="card", label=N_("Card"), kind="having", part=_card,
    told=lambda item: _("card opened %(day)s", day=item["taken_at"]),
    heard=frozenset(f"card.{kind}" for kind in CARD_KINDS), code="optional",
    well_formed=lambda code: code.isascii() and code.isdigit() and len(code) < 10,
    has=N_("holds the card %(name)s"), has_not=N_("does not hold the card %(name)s"),
))
