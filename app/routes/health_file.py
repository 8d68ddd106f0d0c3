"""The resident health file on paper: a page for the browser's printer, and the same as a PDF; in the person's language."""

from litestar import Request
from litestar.response import Response

from app.clinic import records
from app.core import pdf, printed
from app.core.access import May
from app.core.words import speaking
from app.routes.web import TheActor, TheDb, ThePatient, get

FILE = "/patients/{patient_id:int}/record/file"


@get(FILE, needs=May.SEE_CLINICAL, look="print")
def show(request: Request, db: TheDb, actor: TheActor, patient: ThePatient) -> Response:
    jinja = request.app.template_engine.engine
    with speaking(patient.language):
        html = jinja.get_template("records/file.html").render(
            file=records.health_file(db, actor, patient), patient=patient, language=patient.language)
    return Response(html, media_type="text/html")


@get(FILE + ".pdf", needs=May.SEE_CLINICAL, look="print", slow=True)
def draw(db: TheDb, actor: TheActor, patient: ThePatient) -> Response:
    with speaking(patient.language):
        file = records.health_file(db, actor, patient)
    drawn = pdf.draw(printed.html("pdf/health_file.html", patient.language, file=file))
    name = {"Content-Disposition": f'inline; filename="{patient.number}.pdf"', "Cache-Control": "no-store"}
    return Response(drawn.content, media_type="application/pdf", headers=name)


handlers = [show, draw]
