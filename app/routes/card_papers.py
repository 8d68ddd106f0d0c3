"""A card on paper: both its faces at true size, a sticker, the letter that welcomes its people; in the person's language."""

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import cards, patients
from app.core import pdf
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import speaking
from app.routes.web import TheDb, ThePatient, get


def _page(which: str):
    """For the browser's own printing."""

    @get(f"/patients/{{patient_id:int}}/cards/{{card_id:int}}/{which}", needs=May.HANDLE_CARDS, look="print")
    def show(request: Request, db: TheDb, patient: ThePatient, card_id: FromPath[int]) -> Response:
        jinja, card = request.app.template_engine.engine, _own(db, patient, card_id)
        with speaking(patient.language):
            html = jinja.get_template(f"cards/paper_{which}.html").render(
                paper=cards.paper(db, patient, card), which=which, patient=patient, card=card)
        return Response(html, media_type="text/html")

    return show


def _pdf(which: str):
    @get(f"/patients/{{patient_id:int}}/cards/{{card_id:int}}/{which}.pdf", needs=May.HANDLE_CARDS, look="print", slow=True)
    def draw(db: TheDb, patient: ThePatient, card_id: FromPath[int]) -> Response:
        card = _own(db, patient, card_id)
        drawn = pdf.draw(cards.document(cards.paper(db, patient, card, pictures=True), which))
        name = {"Content-Disposition": f'inline; filename="{which}.pdf"', "Cache-Control": "no-store"}
        return Response(drawn.content, media_type="application/pdf", headers=name)

    return draw


def _own(db: Database, patient: patients.Patient, card_id: int) -> cards.Card:
    card = cards.get(db, patient.id, card_id)
    if card is None:
        raise NotFound()
    return card


handlers = [make(which) for which in cards.PAPERS for make in (_page, _pdf)]
