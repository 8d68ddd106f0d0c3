"""People's photos: taken while the form is filled in, shown in the banner, served to nobody else's page."""

from base64 import b64encode

from litestar import Request
from litestar.response import Response

from app.clinic import patients
from app.core.access import May
from app.core.errors import Invalid, NotFound, Refusal
from app.core.files import Files
from app.core.forms import Form, blank
from app.core.words import N_
from app.routes import identity
from app.routes.web import Page, ThePatient, Uploads, get, page, post


@post("/patients/photo", needs=May.REGISTER)
def take(request: Request, uploads: Uploads) -> Page:
    """Kept at once, under its hash; it becomes somebody's when the form is saved."""
    files: Files = request.app.state.files
    sent = next((file for file in uploads.get("camera", []) if not isinstance(file, str)), None)
    before = next((text for text in uploads.get("photo", []) if isinstance(text, str)), "")
    form = blank(identity.Identity, photo=before)
    try:
        if sent:
            form.raw["photo"] = files.put(patients.draw_photo(sent.file.read(patients.LARGEST_PHOTO + 1)))
    except Refusal as refusal:
        form.errors["photo"] = str(refusal)
    status = 422 if form.errors else 200
    return page("patients/photo.html", "photo-field", form=form, preview=preview(files, form), status=status)


@get("/patients/{patient_id:int}/photo", needs=May.FIND_PATIENTS)
def show(request: Request, patient: ThePatient) -> Response:
    if not patient.photo:
        raise NotFound()
    return Response(request.app.state.files.read(patient.photo), media_type="image/jpeg")


def preview(files: Files, form: Form) -> str:
    """The photo of the form, within the page itself: it is nobody's yet."""
    content = _content(files, form.raw["photo"])
    return f"data:image/jpeg;base64,{b64encode(content).decode()}" if content else ""


def check(files: Files, given: identity.Identity) -> None:
    """Raises Invalid unless the photo is one that was taken here."""
    if given.photo and not _content(files, given.photo):
        raise Invalid({"photo": N_("This photo is not here. Please take it again.")})


def _content(files: Files, name: str) -> bytes:
    try:
        content = files.read(name)
    except FileNotFoundError:
        return b""
    return content if content.startswith(patients.PHOTO_MAGIC) else b""


handlers = [take, show]
