"""What a consultation opens with: last time's judgement and plan, what changed since, what is open, what was promised."""

import secrets

import msgspec

from app.clinic import encounters, observations, responses, tags, work
from app.clinic.encounters import Encounter, Sheet
from app.clinic.patients import Patient
from app.core import clock
from app.core.db import Database
from app.core.words import _, language

MOST = 5  # of each kind; more stand on their own page
SINCE_NEVER = 90  # days looked back at a first consultation


class Changed(msgspec.Struct, frozen=True):
    """One thing that is new. path: where it stands, after the person's address. level: of a value, if it is out of range."""

    day: str
    text: str
    path: str
    level: str | None = None


class Opening(msgspec.Struct, frozen=True):
    """since: a day. changed: (kind's title, what, how many more, where all stand)."""

    last: Sheet | None
    since: str
    changed: list[tuple[str, list[Changed], int, str]]
    findings: list[observations.Finding]
    due: list[work.Item]


class Visit(msgspec.Struct, frozen=True):
    """For the person's first page: the consultation somebody writes in, and the last one. token: of the button that begins one."""

    open: Encounter | None
    last: Sheet | None
    token: str


def opening(db: Database, patient: Patient, but: int = 0) -> Opening:
    last = encounters.last_signed(db, patient.id, but)
    since = last.at if last else clock.day_before(SINCE_NEVER)
    return Opening(
        encounters.sheet(db, patient, last) if last else None, since[:10], [group for group in _groups(db, patient, since, last, but) if group[1]],
        observations.open_findings(db, patient.id), [item for item in work.open_for(db, patient.id) if item.due_on],
    )


def _groups(db: Database, patient: Patient, since: str, last: Encounter | None, but: int) -> list[tuple[str, list[Changed], int, str]]:
    own = {report for id in (last.id if last else 0, but) for report in encounters.reports_of(db, id)}
    return [_cut(*group) for group in (
        (_("Results"), _results(db, patient, since, own), "/indicators"), (_("Tags"), _tags(db, patient, since), "/tags"),
        (_("Answers"), _answers(db, patient, since), "/questionnaires"), (_("Contacts"), _contacts(db, patient, since), "/follow-up"),
    )]


def _cut(title: str, found: list[Changed], path: str) -> tuple[str, list[Changed], int, str]:
    return title, found[:MOST], max(0, len(found) - MOST), path


def _results(db: Database, patient: Patient, since: str, own: set[int]) -> list[Changed]:
    """The newest value of each indicator measured since, out of range first; not what a consultation measured itself."""
    new = [one for one in observations.latest(db, patient.id) if one.taken_at > since and one.now.report_id not in own]
    return [_value(one) for one in sorted(new, key=lambda one: not one.now.out)]


def _value(one: observations.Reading) -> Changed:
    was = _("%(now)s, before %(was)s", now=one.now.shown, was=one.previous.shown) if one.previous else one.now.shown
    return Changed(one.now.day, f"{one.indicator.brief} {was}", f"/indicators/{one.code}", one.level if one.now.out else None)


def _tags(db: Database, patient: Patient, since: str) -> list[Changed]:
    found = []
    for line in tags.history(db, patient.id):
        gone = clock.to_local(line.removed_at).isoformat() if line.removed_at else ""
        set_at = clock.to_local(line.set_at).isoformat()
        if gone > since:
            found.append(Changed(gone[:10], _("No longer tagged: %(names)s", names=line.name), "/tags"))
        elif set_at > since:
            found.append(Changed(set_at[:10], _("Tagged: %(names)s", names=line.name), "/tags"))
    return found


def _answers(db: Database, patient: Patient, since: str) -> list[Changed]:
    """Questionnaires answered since, each with its scores and what they mean."""
    new = [one for one in responses.done(db, patient.id) if one.completed_at > since]
    rows = responses.scores(db, new)
    return [_answered(db, one, rows.get(one.id, [])) for one in new]


def _answered(db: Database, one: responses.Response, rows: list[responses.Answer]) -> Changed:
    told = responses.scored(responses.definition_of(db, one), rows)[:3]
    said = [_(", ").join(filter(None, (each.value, each.band.meaning.said(language())[0] if each.band else ""))) for each in told]
    out = any(each.band and each.band.level in ("amber", "red") for each in told)
    return Changed(one.day, _(": ").join(filter(None, (one.title, _("; ").join(said)))), f"/questionnaires/{one.id}", "abnormal" if out else None)


def _contacts(db: Database, patient: Patient, since: str) -> list[Changed]:
    return [
        Changed(one.at[:10], _("%(channel)s: %(outcome)s. %(note)s", channel=_(work.CHANNELS[one.channel]), outcome=_(work.REACHED[one.outcome]),
                               note=one.note), "/follow-up#history")
        for one in work.contacts_of(db, patient.id) if one.at > since and not one.withdrawn
    ]


def overview_card(db: Database, patient: Patient) -> Visit:
    last = encounters.last_signed(db, patient.id)
    return Visit(encounters.open_of(db, patient.id), encounters.sheet(db, patient, last) if last else None, secrets.token_hex(16))
