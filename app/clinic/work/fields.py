"""What criteria may ask about contacts: the field `last_contact`, days since somebody was reached.

A person never reached has no such number: comparisons are false, `missing` is true.
"""

from app.clinic import criteria
from app.clinic.criteria import Asking, Fact, Field, Part
from app.core.words import N_, _


def _part(fact: Fact, asking: Asking) -> Part:
    days = "CAST(julianday(:today) - julianday(substr(max(k.at), 1, 10)) AS INTEGER)"
    rows = f"""
SELECT k.patient_id, max(k.at) AS at FROM contacts k
WHERE k.outcome = 'reached' AND k.withdrawn_event_id IS NULL AND k.at < :tomorrow /*for k.patient_id*/
GROUP BY k.patient_id HAVING {criteria.compare(days, fact, asking)}"""
    a = asking.alias  # the days themselves would make the evidence new every night
    return Part(f"{a}.patient_id IS NOT NULL", f"json_object('field', 'last_contact', 'taken_at', {a}.at)", rows, selective=True)


criteria.register_field(Field(
    name="last_contact", label=N_("Days since the last contact"), kind="number", part=_part,
    told=lambda item: _("last contact %(day)s", day=item["taken_at"][:10]), heard=frozenset({"contact.recorded", "contact.withdrawn"}),
    unit=lambda fact: _("days"), has=N_("has been reached before"), has_not=N_("never reached yet"),
))
