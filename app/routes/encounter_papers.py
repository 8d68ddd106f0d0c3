"""A consultation on paper: the doctor's copy, and the person's own in plain words and large print, in their language."""

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import encounters
from app.clinic.patients import Patient
from app.core import clock, pdf, printed, settings
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import speaking
from app.routes.consulting import ONE, own
from app.routes.encounters import READING
from app.routes.web import TheActor, TheDb, ThePatient, get


@get(ONE + "/paper", needs=May.PRINT, look="print", slow=True)
def paper(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    return _page(request, "encounters/paper.html", actor.language, _values(db, patient, encounter_id))


@get(ONE + "/paper.pdf", needs=May.PRINT, look="print", slow=True)
def paper_pdf(db: TheDb, actor: TheActor, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    return _drawn("pdf/consultation.html", actor.language, _values(db, patient, encounter_id))


@get(ONE + "/copy", needs=May.PRINT, look="print", slow=True)
def copy(request: Request, db: TheDb, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    return _page(request, "encounters/copy.html", patient.language, _values(db, patient, encounter_id, only_signed=True))


@get(ONE + "/copy.pdf", needs=May.PRINT, look="print", slow=True)
def copy_pdf(db: TheDb, patient: ThePatient, encounter_id: FromPath[int]) -> Response:
    return _drawn("pdf/consultation_copy.html", patient.language, _values(db, patient, encounter_id, only_signed=True))


def _values(db: Database, patient: Patient, id: int, only_signed: bool = False) -> dict:
    """Nobody is handed what no doctor has signed, nor what was taken back."""
    one = own(db, patient, id)
    if one.withdrawn or (only_signed and not one.signed):
        raise NotFound()
    stored = settings.everything(db)
    place = {name: stored.get(f"clinic_{name}", "") for name in ("name", "address", "phone", "hours")}
    return {"sheet": encounters.sheet(db, patient, one), "patient": patient, "place": place, "printed_on": clock.today().isoformat(), **READING}


def _page(request: Request, template: str, language: str, values: dict) -> Response:
    jinja = request.app.template_engine.engine
    with speaking(language):
        html = jinja.get_template(template).render(**values, language=language)
    return Response(html, media_type="text/html")


def _drawn(template: str, language: str, values: dict) -> Response:
    drawn = pdf.draw(printed.html(template, language, **values, spoken=language))
    name = {"Content-Disposition": f'inline; filename="{values["patient"].number}.pdf"', "Cache-Control": "no-store"}
    return Response(drawn.content, media_type="application/pdf", headers=name)


handlers = [paper, paper_pdf, copy, copy_pdf]
