"""Questionnaires on paper, in the person's language: blank ones to fill in by hand, and what was answered; printed or as a PDF."""

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import questionnaires, responses
from app.clinic.patients import Patient
from app.core import pdf, printed
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import speaking
from app.routes.responses import ALL, ONE, own
from app.routes.web import TheDb, ThePatient, get

BLANK = ALL + "/blank/{code:str}"


@get(BLANK, needs=May.SEE_CLINICAL, look="print", slow=True)
def blank(request: Request, db: TheDb, patient: ThePatient, code: FromPath[str]) -> Response:
    with speaking(patient.language):
        return _page(request, patient, _blank(db, patient, code), f"blank/{code}/blank.pdf")


@get(BLANK + "/blank.pdf", needs=May.SEE_CLINICAL, look="print", slow=True)
def draw_blank(db: TheDb, patient: ThePatient, code: FromPath[str]) -> Response:
    with speaking(patient.language):
        return _draw(patient, _blank(db, patient, code))


@get(ONE + "/paper", needs=May.SEE_CLINICAL, look="print", slow=True)
def paper(request: Request, db: TheDb, patient: ThePatient, response_id: FromPath[int]) -> Response:
    with speaking(patient.language):
        return _page(request, patient, _answered(db, patient, response_id), f"{response_id}/paper.pdf")


@get(ONE + "/paper.pdf", needs=May.SEE_CLINICAL, look="print", slow=True)
def draw(db: TheDb, patient: ThePatient, response_id: FromPath[int]) -> Response:
    with speaking(patient.language):
        return _draw(patient, _answered(db, patient, response_id))


def _blank(db: Database, patient: Patient, code: str) -> responses.Paper:
    found = questionnaires.by_code(db, code)
    if found is None:
        raise NotFound()
    return responses.blank(db, patient, found.definition)


def _answered(db: Database, patient: Patient, response_id: int) -> responses.Paper:
    one = own(db, patient, response_id)
    if one.open:
        raise NotFound()
    return responses.answered(db, patient, one)


def _page(request: Request, patient: Patient, paper: responses.Paper, file: str) -> Response:
    base = f"/patients/{patient.id}/questionnaires"
    jinja = request.app.template_engine.engine
    html = jinja.get_template("responses/paper.html").render(paper=paper, patient=patient, back=base, file=f"{base}/{file}")
    return Response(html, media_type="text/html")


def _draw(patient: Patient, paper: responses.Paper) -> Response:
    drawn = pdf.draw(printed.html("pdf/questionnaire.html", paper.language, paper=paper))
    headers = {"Content-Disposition": f'inline; filename="{patient.number}.pdf"', "Cache-Control": "no-store"}
    return Response(drawn.content, media_type="application/pdf", headers=headers)


handlers = [blank, draw_blank, paper, draw]
