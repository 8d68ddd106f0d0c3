"""From a View to SQL: pieces from a fixed list, values bound; nothing typed ever becomes SQL.

The list is read from its newest person downwards, so a page is one walk along an index that stops after fifty. Where
a criterion or a tag says who can be on it, the walk starts from those people.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.clinic import criteria, patients
from app.clinic.lists.shapes import View
from app.core import clock

ENDING_DAYS = 30

_LACKS = {
    "phone": "NOT EXISTS (SELECT 1 FROM patient_phones x WHERE x.patient_id = p.id AND x.retired_event_id IS NULL)",
    "born": "p.birth_date IS NULL",
    "sex": "p.sex = 'unknown'",
    "document": """NOT EXISTS (SELECT 1 FROM patient_identifiers x
      WHERE x.patient_id = p.id AND x.system NOT LIKE 'sender:%' AND x.retired_event_id IS NULL)""",
    "address": "p.address = ''",
    "doctor": "p.doctor_id IS NULL",
    "manager": "p.manager_id IS NULL",
    "card": "NOT EXISTS (SELECT 1 FROM card_people x WHERE x.patient_id = p.id AND x.removed_event_id IS NULL)",
    "consent": "NOT EXISTS (SELECT 1 FROM consents x WHERE x.patient_id = p.id AND x.withdrawn_event_id IS NULL)",
    "guardian": """(+p.birth_date > :child AND NOT EXISTS (SELECT 1 FROM related_people x
      WHERE x.patient_id = p.id AND x.kind = 'guardian' AND x.retired_event_id IS NULL))""",
}
_UNASKED = """(NOT EXISTS (SELECT 1 FROM {0} x WHERE x.patient_id = p.id AND x.retired_event_id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM none_known x WHERE x.patient_id = p.id AND x.section = '{0}' AND x.retired_event_id IS NULL))"""
_LACKS |= {section: _UNASKED.format(section) for section in ("allergies", "conditions", "medications")}

# A family's card is each one's.
_CARD = """EXISTS (SELECT 1 FROM card_people k JOIN cards x ON x.id = k.card_id
  WHERE k.patient_id = p.id AND k.removed_event_id IS NULL{})"""
_STATES = {
    "": "", "valid": " AND x.suspended_event_id IS NULL AND coalesce(x.valid_until, :day) >= :day",
    "expired": " AND x.valid_until < :day", "ending": " AND x.valid_until BETWEEN :day AND :ending",
    "suspended": " AND x.suspended_event_id IS NOT NULL",
}
_REACHED = "(SELECT 1 FROM contacts x WHERE x.patient_id = p.id AND x.outcome = 'reached' AND x.withdrawn_event_id IS NULL{})"
_CONTACTS = {
    "within": f"EXISTS {_REACHED.format(' AND x.at >= :reached')}", "without": f"NOT EXISTS {_REACHED.format(' AND x.at >= :reached')}",
    "never": f"NOT EXISTS {_REACHED.format('')}",
}
_TAGGED = "EXISTS (SELECT 1 FROM tags x WHERE x.patient_id = p.id AND x.code = :tag AND x.removed_event_id IS NULL)"


def whom(view: View) -> tuple[str, str, dict[str, Any]]:
    """FROM … WHERE …, the person being `p`; the column whose order costs nothing; and the values."""
    today = clock.today()
    values: dict[str, Any] = {"day": today.isoformat(), "ending": (today + timedelta(days=ENDING_DAYS)).isoformat()}
    values["child"] = f"{today.year - patients.OF_AGE:04d}-{today.isoformat()[5:]}"
    start, key, tests = "patients p", "p.id", ["p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL"]
    if view.where:
        statement = _statement(view.where)
        start = f"({statement.text('all')}) m CROSS JOIN patients p ON p.id = m.patient_id"
        values |= statement.bound(today)
    elif view.tag:
        start, key = "tags t CROSS JOIN patients p ON p.id = t.patient_id", "t.patient_id"
        tests.append("t.code = :tag AND t.removed_event_id IS NULL")
    if view.where and view.tag:
        tests.append(_TAGGED)
    tests += _of_person(view, today, values) + _of_card(view, values) + _of_contact(view, today, values)
    if view.missing:
        tests.append("(" + " OR ".join(_LACKS[name] for name in view.missing) + ")")
    return f"FROM {start} WHERE {' AND '.join(tests)}", key, values | {"tag": view.tag}


@lru_cache(100)
def _statement(where: str) -> criteria.Statement:
    return criteria.compile(criteria.parse(where))


def _of_person(view: View, today: date, values: dict[str, Any]) -> list[str]:
    tests = []
    for column, chosen in (("doctor_id", view.doctor), ("manager_id", view.manager)):
        if chosen:
            tests.append(f"p.{column} = :{column}" if chosen != "0" else f"p.{column} IS NULL")
            values[column] = int(chosen)
    if view.sex:
        tests.append("p.sex = :sex")
        values["sex"] = view.sex
    if view.age_from is not None:  # the + keeps the walk along the ids: by birth date everybody would have to be sorted
        tests.append("+p.birth_date <= :born_by")
        values["born_by"] = f"{today.year - view.age_from:04d}-{today.isoformat()[5:]}"
    if view.age_to is not None:
        tests.append("+p.birth_date > :born_after")
        values["born_after"] = f"{today.year - view.age_to - 1:04d}-{today.isoformat()[5:]}"
    return tests


def _of_card(view: View, values: dict[str, Any]) -> list[str]:
    if view.card == "none":
        return [_LACKS["card"]]
    if not (view.card or view.state):
        return []
    typed = view.card not in ("", "any")
    values["card_type"] = int(view.card) if typed else 0
    return [_CARD.format((" AND x.type_id = :card_type" if typed else "") + _STATES[view.state])]


def _of_contact(view: View, today: date, values: dict[str, Any]) -> list[str]:
    values["reached"] = (today - timedelta(days=view.days)).isoformat()
    return [_CONTACTS[view.contact]] if view.contact else []
