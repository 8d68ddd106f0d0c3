"""The first run: one page, once, guarded by the code printed in the terminal."""

from litestar import Request
from litestar.response import Response

from app.clinic import staff
from app.core import words
from app.core.access import May
from app.core.errors import NotFound
from app.core.forms import bind, blank
from app.routes.session import signed_in
from app.routes.web import Fields, Page, TheDb, client_address, get, page, post


@get("/setup", needs=May.ANYONE)
def new(request: Request, db: TheDb) -> Page:
    _only_once(request, db)
    return page("setup/new.html", form=blank(staff.SetUp, language=words.language()))


@post("/setup", needs=May.ANYONE)
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    code = request.app.state.first_run_code  # kept: somebody quicker takes it away while we look
    _only_once(request, db)
    form = bind(staff.SetUp, data)
    made = form.attempt(lambda new: staff.set_up(db, code, new))
    if made is None:
        return page("setup/new.html", "setup-form", form=form, status=422)
    request.app.state.first_run_code = None
    token = staff.sign_in(db, form.value.sign_in, form.value.password, _device(request), client_address(request))
    return signed_in(request, token, "/today")


def _only_once(request: Request, db: TheDb) -> None:
    if not request.app.state.first_run_code or not staff.is_fresh(db):
        raise NotFound()


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


handlers = [new, create]
