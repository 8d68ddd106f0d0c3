"""Health reports: asking for one, waiting for it, reading and printing it."""

import secrets
from ipaddress import ip_address
from typing import Annotated, Any

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import patients, reports
from app.core import clock
from app.core.access import May
from app.core.errors import NotFound
from app.core.forms import Form, bind, blank
from app.core.words import speaking
from app.routes import sitting
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, page, post, redirect

ON_A_PAGE = 50


@get("/reports", needs=May.SEE_CLINICAL)
def recent(request: Request, db: TheDb, before: Annotated[int | None, QueryParameter(name="before")] = None) -> Page:
    found = reports.recent(db, before, ON_A_PAGE + 1)
    return page(
        "reports/recent.html", "report_list", recent=found[:ON_A_PAGE], now=clock.stamp(), before=before,
        until=sitting.until(request, db),         older=found[ON_A_PAGE - 1].report.id if len(found) > ON_A_PAGE else None,
    )


@get("/patients/{patient_id:int}/reports", needs=May.SEE_CLINICAL)
def index(db: TheDb, patient: ThePatient) -> Page:
    form = blank(reports.NewReport, language=patient.language, token=secrets.token_hex(16))
    return _index(db, patient, form, "report_list")


def _index(db: TheDb, patient: patients.Patient, form: Form, *blocks: str, status: int = 200) -> Page:
    return page(
        "reports/index.html", *blocks, status=status, patient=patient, form=form, now=clock.stamp(),
        reports=reports.of_patient(db, patient.id), prints=reports.prints(db, patient.id),
    )  # fmt: skip


@post("/patients/{patient_id:int}/reports", needs=May.PRINT)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Any:
    form = bind(reports.NewReport, data)
    if not form.ok:
        return _index(db, patient, form, "new_report", status=422)
    new = form.value
    reports.want(db, actor, patient.id, new.language, new.words, new.token, _address(request))
    return redirect(f"/patients/{patient.id}/reports")


def _address(request: Request) -> str:
    """Where a phone on the clinic's network finds us; blank where we are served to this machine only."""
    host = request.url.hostname or ""
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host in ("", "localhost")
    return "" if local else f"{request.url.scheme}://{request.url.netloc}"


@get("/patients/{patient_id:int}/reports/{report_id:int}", needs=May.SEE_CLINICAL, slow=True)
def show(request: Request, db: TheDb, patient: ThePatient, report_id: FromPath[int]) -> Response:
    """The report on a sheet, for the browser's own printing; in the report's language, as it was frozen."""
    report = _own(db, patient, report_id)
    content = reports.content(db, report.id)
    jinja = request.app.template_engine.engine
    with speaking(content.language):
        logo = f"/logo/{content.clinic.logo}" if content.clinic.logo else ""
        html = jinja.get_template("reports/show.html").render(
            paper=reports.Paper(content, logo=logo), content=content, patient=patient, report=report
        )
    return Response(html, media_type="text/html")


@get("/patients/{patient_id:int}/reports/{report_id:int}/report.pdf", needs=May.PRINT, look="print", slow=True)
def paper(request: Request, db: TheDb, patient: ThePatient, report_id: FromPath[int]) -> Response:
    report = _own(db, patient, report_id)
    if report.file is None:
        raise NotFound()
    content = request.app.state.files.read(report.file)
    name = {"Content-Disposition": f'inline; filename="{report.number}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=name)


@post("/patients/{patient_id:int}/reports/{report_id:int}/prints", needs=May.PRINT, look="print")
def hand_out(db: TheDb, actor: TheActor, patient: ThePatient, report_id: FromPath[int]) -> Any:
    """Write down who prints it, then show the PDF."""
    reports.note_print(db, actor, patient.id, report_id)
    return redirect(f"/patients/{patient.id}/reports/{report_id}/report.pdf")


@post("/patients/{patient_id:int}/reports/{report_id:int}/attempts", needs=May.PRINT)
def retry(db: TheDb, actor: TheActor, patient: ThePatient, report_id: FromPath[int]) -> Any:
    reports.retry(db, actor, patient.id, report_id)
    return redirect(f"/patients/{patient.id}/reports")


def _own(db: TheDb, patient: patients.Patient, report_id: int) -> reports.Report:
    report = reports.get(db, patient.id, report_id)
    if report is None:
        raise NotFound()
    return report


handlers = [recent, index, create, show, paper, hand_out, retry]
