"""What the wrong person was written down to have said: a consent, a talk about the medicines."""

from datetime import date

from msgspec.structs import replace

from app.clinic import patients, records
from app.clinic.mistakes.shapes import Entry, Kind
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Forbidden, Refusal
from app.core.words import N_, _

OWN, MEDICINES = "own", records.section("medications")
SENSITIVE = N_("This talk is about a sensitive medicine. Strike it out here, and write it down anew with the right person.")


# ── consents ──

def _consent(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = patients.consent_of(db, patient_id, id)
    if one is None:
        return None
    told = [(_("Day"), one.given_on), (_("Given by"), one.given_by), (_("How was it given?"), _(one.how_told))]
    return Entry(id, _("Consent"), told, "", (one, patients.get(db, patient_id).name), bool(one.gone))


def _strike_consent(db: Database, actor: Actor, patient: patients.Patient, entry: Entry, reason: str) -> None:
    patients.take_back_consent(db, actor, patient.id, entry.id, reason)


def _refile_consent(db: Database, actor: Actor, patient: patients.Patient, entry: Entry) -> None:
    """Who agreed for themselves was the right person, under the wrong name."""
    one, name = entry.whole
    patients.consent(db, actor, patient.id, replace(one, given_by=patient.name if one.given_by == name else one.given_by))


# ── talks about the medicines ──

def _talk(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    """The version that stands, as a whole or not at all."""
    if records.review(db, patient_id, id) is None:
        return None
    one = records.review(db, patient_id, records.newest_review(db, id))
    lines = records.reviewed(db, actor, patient_id, one.id)
    if records.withholds(db, actor, patient_id, one.id):
        raise Forbidden()
    told = [(_("Day"), one.reviewed_on), *((line.drug, records.told(line)) for line in lines)]
    told += [(name, text) for name, text in ((_("What was noticed"), one.noticed), (_("What was agreed"), one.agreed)) if text]
    sensitive = any(records.entry(db, patient_id, MEDICINES, line.medication_id).sensitive for line in lines)
    return Entry(one.id, _("What is really taken"), told, f"/medicines/{one.id}", (one, lines, sensitive), bool(one.retired), sensitive)


def _strike_talk(db: Database, actor: Actor, patient: patients.Patient, entry: Entry, reason: str) -> None:
    """With the medicines nobody had known of before it."""
    _review, lines, _sensitive = entry.whole
    records.take_back_talk(db, actor, patient.id, entry.id, reason)
    for line in lines:
        newest = records.newest(db, patient.id, MEDICINES, line.medication_id)
        if line.takes == OWN and not newest.retired:
            records.withdraw(db, actor, patient.id, MEDICINES, newest.id, reason)


def _refile_talk(db: Database, actor: Actor, patient: patients.Patient, entry: Entry) -> None:
    """An answer goes to the same medicine of the right person; where they have none, it is kept in words."""
    one, lines, sensitive = entry.whole
    if sensitive:
        raise Refusal(SENSITIVE)
    mine = {medicine.drug: medicine.id for medicine in records.to_ask(db, actor, patient.id, one.reviewed_on)}
    asked = [line for line in lines if line.takes != OWN]
    words = [f"{line.drug}{_(': ')}{records.told(line)}" for line in asked if line.drug not in mine]
    new = records.NewReview(
        reviewed_on=date.fromisoformat(one.reviewed_on), source=one.source, noticed="\n".join(filter(None, (one.noticed, *words))),
        agreed=one.agreed)
    answers = {mine[line.drug]: records.NewLine(line.takes, line.missed, line.how, line.why) for line in asked if line.drug in mine}
    own = [records.OwnMedicine(line.drug, line.how, line.why) for line in lines if line.takes == OWN]
    records.talk_through(db, actor, patient.id, new, answers, own)


SAID = (
    Kind("consents", N_("Consent"), _consent, _strike_consent, _refile_consent, May.REGISTER, "consent"),
    Kind("medicines", N_("What is really taken"), _talk, _strike_talk, _refile_talk),
)
