"""A person's measured values: the list, one indicator over the years, a report, the findings."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import catalogue, mistakes, observations
from app.clinic.observations import Line, Observation, Why
from app.clinic.patients import Patient
from app.core import clock
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.drawings import over_the_years, spark
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

YEARS = (1, 3, 10)
ROWS = 60
PICKS = 6
STATUSES = {
    "V2": N_("found in two sources"), "V1": N_("found in one source"), "V": N_("found in the source"),
    "clinic": N_("the clinic's own limit"), "U": N_("unverified, not used"),
}  # fmt: skip


@get("/patients/{patient_id:int}/indicators", needs=May.SEE_CLINICAL)
def index(db: TheDb, patient: ThePatient, show: Annotated[str, QueryParameter(name="show")] = "") -> Page:
    lines = observations.lines(observations.latest(db, patient.id))
    out = [line for line in lines if line.level not in (None, "normal")]
    return page(
        "observations/index.html", patient=patient, groups=observations.grouped(out if show == "out" else lines),
        n=len(lines), n_out=len(out), show=show, findings=observations.open_findings(db, patient.id),
        reports=observations.reports(db, patient.id), spark=spark, evidence=_explainer(db, patient),
    )


@get("/patients/{patient_id:int}/indicators/{code:str}", needs=May.SEE_CLINICAL)
def trend(
    db: TheDb, actor: TheActor, patient: ThePatient, code: FromPath[str],
    years: Annotated[int, QueryParameter(name="years")] = 0,
) -> Page:
    if code not in catalogue.indicators():
        raise NotFound()
    lines = observations.lines(observations.latest(db, patient.id))
    line = next((one for one in lines if any(reading.code == code for reading in one.readings)), None)
    series = [observations.series(db, patient.id, own, _since(years)) for own in _codes(line, code)]
    rows = _rows(series)
    return page(
        "observations/trend.html", patient=patient, line=line, indicator=catalogue.indicators()[code], years=years, n=len(lines),
        picks=_picks(lines, line), rows=rows[:ROWS], total=len(rows), choices=YEARS, evidence=_explainer(db, patient),
        drawing=over_the_years(db, actor, patient, line, series) if rows else "",
        before={value.id: observations.earlier_versions(db, patient.id, value.id)
                for own in series for value in own if value.replaces_id},
        bare=observations.bare, worst=_worst, inputs=observations.inputs(db, rows[0][0].id) if rows and rows[0][0] else [],
    )


def _since(years: int) -> str:
    today = clock.today().isoformat()
    return f"{int(today[:4]) - years}{today[4:]}" if years in YEARS else ""


def _codes(line: Line | None, code: str) -> list[str]:
    return [reading.code for reading in line.readings] if line else [code]


def _picks(lines: Sequence[Line], own: Line | None) -> list[Line]:
    """A handful to go to next: what is out of range first, the one shown always among them."""
    others = sorted(lines, key=lambda line: line.level in (None, "normal"))[:PICKS]
    return others if own is None or own in others else [own, *others[: PICKS - 1]]


def _rows(series: Sequence[Sequence[Observation]]) -> list[list[Observation | None]]:
    """Newest first; of a pair those filed together side by side. Two pressures of one minute are two rows."""
    if len(series) == 1:
        return [[value] for value in reversed(series[0])]
    together: dict[tuple[str, int], list[Observation | None]] = {}
    for place, own in enumerate(series):
        for value in own:
            together.setdefault((value.taken_at, value.report_id or 0), [None] * len(series))[place] = value
    return [together[key] for key in sorted(together, reverse=True)]


def _worst(row: Sequence[Observation | None]) -> str | None:
    return observations.worst(value.level for value in row if value)


def _explainer(db: Database, patient: Patient):
    """In a template: evidence(line or observation) gives the rows behind "why?"."""
    limits = catalogue.in_force(db)

    def evidence(of: Line | Observation) -> list[tuple[str, str]]:
        if isinstance(of, Observation):
            return _evidence(observations.why(patient, of, limits), _("Result"))
        called = [reading.indicator.name if of.paired else _("Result") for reading in of.readings]
        whys = [observations.why(patient, reading.now, limits) for reading in of.readings]
        return [row for name, why in zip(called, whys, strict=True) for row in _evidence(why, name)]

    return evidence


def _evidence(why: Why, name: str) -> list[tuple[str, str]]:
    value = why.value
    rows = [(name, _(", ").join(filter(None, (value.day, value.shown, value.by))))]
    if value.reported_value:
        rows.append((_("Reported as"), f"{value.reported_value}{catalogue.NBSP}{value.reported_unit}"))
    if told := observations.told_range(value):
        rows.append((_("Range then"), f"{told}{catalogue.NBSP}{value.unit}".strip()))
    if why.reason:
        rows.append((_("No level"), _(why.reason)))
    for range in why.ranges:
        expected = catalogue.range_text(range) or _("negative")
        rows.append((_("Source"), f"{expected}: {catalogue.told(range.source)} ({status_word(range.status)})"))
    if why.critical:
        rows.append((_("Critical limit"), catalogue.told(why.critical)))
    return rows


def status_word(status: str) -> str:
    return _(next((words for mark, words in STATUSES.items() if status.startswith(mark)), status))


@get("/patients/{patient_id:int}/results/{report_id:int}", needs=May.SEE_CLINICAL)
def report(db: TheDb, patient: ThePatient, report_id: FromPath[int]) -> Page:
    found = observations.report(db, patient.id, report_id)
    if found is None:
        raise NotFound()
    values = observations.report_values(db, patient.id, report_id)
    return page(
        "observations/report.html", patient=patient, report=found, values=values, evidence=_explainer(db, patient),
        blank_withdrawal=Form({"reason": ""}), told_range=observations.told_range, again=observations.put_back_as(db, report_id),
        elsewhere=mistakes.mistake(db, "results", report_id) is not None,
        findings=observations.open_findings(db, patient.id),
    )


@post("/patients/{patient_id:int}/results/{report_id:int}/restoration", needs=May.RECORD_CLINICAL)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, report_id: FromPath[int]) -> Response:
    """Results that were taken back, not those of somebody else."""
    found = observations.report(db, patient.id, report_id)
    if found is None:
        raise NotFound()
    if mistakes.mistake(db, "results", report_id):
        raise Refusal(N_("These results are another person's."))
    return go(request, f"/patients/{patient.id}/results/{observations.put_back(db, actor, patient, found)}")


# ── findings ──

class Explanation(msgspec.Struct, frozen=True):
    note: Annotated[str, Field(most=2000)]
    findings: list[int] = []


@get("/patients/{patient_id:int}/findings", needs=May.SEE_CLINICAL)
def findings(db: TheDb, patient: ThePatient) -> Page:
    return _findings(db, patient, blank(Explanation))


@post("/patients/{patient_id:int}/findings/explanation", needs=May.RECORD_CLINICAL)
def explain(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Explanation, data)
    if form.ok and not form.value.findings:
        form.errors["findings"] = _("Please choose what was explained.")
    if not form.ok:
        return _findings(db, patient, form, 422)
    observations.explain(db, actor, patient.id, form.value.findings, form.value.note)
    return go(request, f"/patients/{patient.id}/findings")


def _findings(db: Database, patient: Patient, form: Form, status: int = 200) -> Page:
    found = observations.findings(db, patient.id, ended=True)
    return page(
        "observations/findings.html", "explaining", status=status, patient=patient, form=form,
        newest={reading.code: reading.now for reading in observations.latest(db, patient.id)},
        standing=[finding for finding in found if finding.ended_event_id is None],
        settled=[finding for finding in found if finding.ended_event_id is not None],
    )


handlers = [index, trend, report, put_back, findings, explain]
