"""Puts the parts together: the file, the listeners, the pages, the clock that runs beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Router
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.plugins.htmx import HTMXRequest
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import Message, Scope

from app import parts
from app.clinic import box, staff
from app.core import chain, clock, forms, icons, settings, troubles, words
from app.core.access import May
from app.core.db import Database
from app.core.entrance import Entrance
from app.core.errors import Damaged, Refusal, Unwritable
from app.core.files import Files
from app.core.migrations import migrate
from app.core.network import Network
from app.core.text import clean_markdown
from app.routes import once, refusals, web
from app.routes.looks import Looks
from app.routes.typed import Typed

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
LARGEST_BODY = 25 * 2**20  # an upload of 20 MB with its form around it

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}
PRIVATE = {"Cache-Control": "no-store"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def open_clinic(folder: Path) -> Database:
    """The clinic's file in `folder`: made or migrated, with every listener in place."""
    db = Database(folder / "clinic.db")
    migrate(db)
    box.keep_time(db)
    chain.keep(db)
    if settings.get(db, "secret") is None:
        settings.put(db, None, secret=staff.new_secret())
    clock.use_zone(settings.get(db, "time_zone", clock.DEFAULT_ZONE))
    for listener in parts.WITHIN:
        db.within(listener)
    for prepare in parts.PREPARE:
        with suppress(Unwritable, Damaged):  # what is there can be read; what fails is said over every page
            prepare(db)
    box.remember(db)
    return db


def create_app(folder: Path, *, tasks: bool = True, first_run_code: str | None = None) -> Litestar:
    """The whole house on one data folder. Raises RuntimeError if a handler does not say what it needs."""
    app = build(tasks)
    furnish(app, folder, first_run_code)
    return app


def furnish(app: Litestar, folder: Path, first_run_code: str | None = None) -> None:
    """Open the clinic in `folder` for the pages; they ask `app.state` at every request."""
    db = open_clinic(folder)
    app.state.update({
        "db": db, "folder": folder, "files": Files(folder / "files"), "looks": Looks(db), "typed": Typed(), "presence": staff.Presence(db), "troubles": troubles.Board(), "network": Network(),
        "first_run_code": first_run_code or staff.first_run_code(db),
        "entrance": Entrance(),
    })


def build(tasks: bool = True) -> Litestar:
    """The pages without a clinic: half a second's work, so tests do it once."""
    version = static_version()
    app = Litestar(
        route_handlers=[*parts.HANDLERS, *static_routers(version)],
        dependencies=web.DEPENDENCIES,
        guards=[web.guard],
        exception_handlers={Refusal: refusals.refused, HTTPException: refusals.http_error, Exception: refusals.broken},
        request_class=HTMXRequest,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment(version))),
        before_send=[add_headers],
        request_max_body_size=LARGEST_BODY,
        lifespan=[lambda app: alive(app, tasks)],
        openapi_config=None,
        logging_config=None,
    )
    refuse_open_doors(app)
    return app


@asynccontextmanager
async def alive(app: Litestar, tasks: bool) -> AsyncIterator[None]:
    """Start what runs beside the pages; stop it, and fold the log into the file, at the end."""
    app.state.looks.start()
    running = parts.start_tasks(app.state) if tasks else None
    try:
        yield
    finally:
        if running:
            parts.stop_tasks(running)
        app.state.looks.stop()
        with suppress(Unwritable):
            app.state.presence.flush()
        app.state.db.close()


def environment(version: str) -> Environment:
    """Templates: autoescaped, strict, with words, macros and icons at hand in every block."""
    jinja = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", once.Keyed], trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )
    jinja.install_gettext_callables(words._, _ngettext, newstyle=True)
    jinja.globals["_"] = words.marked
    jinja.globals |= {
        "icon": icons.icon, "static": lambda path: f"/static/{version}/{path}", "pick": words.pick,
        "markdown": clean_markdown, "languages": words.LANGUAGES, "clock": clock, "blank": forms.blank,
        "once": once.field,
    } | parts.template_globals()
    jinja.globals["ui"] = jinja.get_template("ui.html").make_module()
    return jinja


def _ngettext(one: str, many: str, n: int) -> str:
    return words.catalogue(words.language()).ngettext(one, many, n)


def static_version() -> str:
    """Changes with any static file, so that tablets may keep them for ever."""
    digest = sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def static_routers(version: str) -> list[Router]:
    return [
        static_router(f"/static/{version}", STATIC, "static"),
        static_router(f"/static/{version}/vendor", htmx_folder(), "vendor"),
    ]


def static_router(path: str, folder: Path, name: str) -> Router:
    return create_static_files_router(
        path=path, directories=[folder], name=name, opt={"needs": May.ANYONE, "while_handed": "always"}, include_in_schema=False,
    )


async def add_headers(message: Message, scope: Scope) -> None:
    """On every answer, refusals and mistakes too; only what can be had of the static files may be kept.

    A handler may say another policy: what somebody uploaded is served with a narrower one.
    """
    if message["type"] != "http.response.start":
        return
    keep = scope["path"].startswith("/static/") and message["status"] < 400
    headers = MutableScopeHeaders(message)
    for name, value in (HEADERS | (FOREVER if keep else PRIVATE)).items():
        headers.setdefault(name, value)


def htmx_folder() -> Path:
    """Where the wheel keeps htmx, found without importing it."""
    package = Path(find_spec("js_lib_htmx").submodule_search_locations[0])
    return package / "static" / "htmx"


def refuse_open_doors(app: Litestar) -> None:
    """Closed by default: the app does not start while a handler fails to say what it needs."""
    for route in app.routes:
        for handler in route.route_handlers:
            automatic = getattr(handler, "http_methods", set()) == {"OPTIONS"}
            if not automatic and not isinstance(handler.opt.get("needs"), May):
                raise RuntimeError(f"{handler} at {route.path} does not say what it needs")

