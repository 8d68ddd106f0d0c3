"""The clinic's own details and its logo."""

from io import BytesIO
from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response
from PIL import Image, UnidentifiedImageError

from app.clinic import staff
from app.core import settings
from app.core.access import May
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import LANGUAGES, N_, _
from app.routes import meanwhile
from app.routes.web import Page, TheActor, TheDb, Uploads, get, go, page, post

LARGEST_LOGO = 5 * 2**20
LOGO_BOX = (600, 300)  # pixels; drawn at most 40 mm wide on paper


class Clinic(msgspec.Struct, frozen=True):
    clinic_name: Annotated[str, Field(most=60)]
    clinic_language: staff.Language
    clinic_address: Annotated[str, Field(most=120)] = ""
    clinic_phone: Annotated[str, Field(most=40)] = ""
    clinic_hours: Annotated[str, Field(most=60)] = ""
    tcm: bool = False
    seen: str = ""


LABELS = {
    "clinic_name": N_("Clinic name"), "clinic_language": N_("Language"), "clinic_address": N_("Address"), "clinic_phone": N_("Phone"),
    "clinic_hours": N_("Opening hours"), "tcm": N_("Chinese medicine in consultations"),
}
YES_NO = {"on": N_("yes"), "": N_("no")}


@get("/manage/clinic", needs=May.MANAGE_CLINIC)
def show(db: TheDb) -> Page:
    return page("staff/clinic.html", form=_as_typed(db), conflict=None)


def _as_typed(db: Database) -> Form:
    stored = settings.everything(db)
    form = blank(Clinic, **{name: stored.get(name, "") for name in LABELS})
    form.raw["seen"] = meanwhile.seen(form, LABELS)
    return form


@post("/manage/clinic", needs=May.MANAGE_CLINIC)
def update(request: Request, db: TheDb, actor: TheActor, uploads: Uploads) -> Page | Response:
    form = bind(Clinic, {name: [v for v in given if isinstance(v, str)] for name, given in uploads.items()})
    logo = next((file for file in uploads.get("logo", []) if not isinstance(file, str)), None)
    content = logo.file.read(LARGEST_LOGO + 1) if logo else b""

    def save(clinic: Clinic) -> bool:
        values = {name: getattr(clinic, name) for name in LABELS}
        if content:
            values["logo"] = request.app.state.files.put(_as_png(content))
        with db.aside():
            meanwhile.compare(form, _as_typed(db), LABELS, {"clinic_language": LANGUAGES, "tcm": {id: _(name) for id, name in YES_NO.items()}})
            settings.put(db, actor, **values)
        return True

    try:
        done = form.attempt(save)
    except Conflict as conflict:
        return page("staff/clinic.html", "clinic-form", form=form, conflict=conflict, status=409)
    return go(request, "/manage") if done else page("staff/clinic.html", "clinic-form", form=form, conflict=None, status=422)


@get("/logo/{sha:str}", needs=May.ANYONE)
def logo(request: Request, db: TheDb, sha: FromPath[str]) -> Response:
    """The clinic's logo, by its content: only the present one is handed out."""
    if not sha or sha != settings.get(db, "logo"):
        raise NotFound()
    return Response(request.app.state.files.read(sha), media_type="image/png")


def _as_png(content: bytes) -> bytes:
    """Drawn anew, whatever it calls itself. Raises Invalid for what is no picture."""
    if len(content) > LARGEST_LOGO:
        raise Invalid({"logo": N_("At most 5 MB.")})
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            picture.thumbnail(LOGO_BOX)
            drawn = BytesIO()
            picture.convert("RGBA").save(drawn, "PNG")
            return drawn.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        raise Invalid({"logo": N_("Please choose a PNG or JPEG picture.")}) from None


handlers = [show, update, logo]
