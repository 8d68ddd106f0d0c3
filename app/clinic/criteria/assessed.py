"""What doctors judged it to be in a signed consultation: the field `assessed`, by ICD-10 code, within a period or ever."""

from typing import Any

from app.clinic.criteria.fields import Asking, Field, Part, register_field
from app.clinic.criteria.shapes import Fact
from app.clinic.criteria.standing import is_code
from app.core.words import N_, _


def _assessed(fact: Fact, asking: Asking) -> Part:
    """Confirmed, by the beginning of its code; of a consultation that was taken back nothing counts."""
    first, last = asking.bind(fact.code), asking.bind(fact.code + "\U0010ffff")
    since = f"AND x.at >= {asking.first_day(fact.within)}" if fact.within else ""
    rows = f"""
SELECT x.patient_id, max(x.id) AS id, a.code, substr(x.at, 1, 10) AS day
FROM assessments a JOIN encounters x ON x.id = a.encounter_id
WHERE a.code <> '' AND a.code >= {first} AND a.code < {last} AND a.certainty = 'confirmed'
  AND x.signed_event_id IS NOT NULL AND x.withdrawn_event_id IS NULL AND x.at < :tomorrow {since} /*for x.patient_id*/ GROUP BY x.patient_id"""
    a = asking.alias
    evidence = f"json_object('field', 'assessed', 'code', {a}.code, 'taken_at', {a}.day, 'encounters', json_array({a}.id))"
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, selective=True)


def _told(item: dict[str, Any]) -> str:
    return _("%(day)s assessed as %(code)s", day=item["taken_at"], code=item["code"])


register_field(Field(
    name="assessed", label=N_("Assessed in a consultation"), kind="having", part=_assessed, told=_told,
    heard=frozenset({"encounter.signed", "encounter.withdrawn"}), code="needed", well_formed=is_code, windowed=True,
    has=N_("assessed as %(name)s in a consultation"), has_not=N_("not assessed as %(name)s in a consultation"),
))
