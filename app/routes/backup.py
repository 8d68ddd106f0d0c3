"""Backups: when the last proved one was, where they go, the sheet that opens them elsewhere."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import backups, staff
from app.core import clock, pdf, servers, settings, sticks
from app.core.access import May
from app.core.errors import Invalid
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

SHOWN = 10


class Proving(msgspec.Struct, frozen=True):
    password: Annotated[str, Field(most=200)]


class Keeping(msgspec.Struct, frozen=True):
    group: Annotated[str, Field(most=20)]


class Machine(msgspec.Struct, frozen=True):
    address: Annotated[str, Field(most=300)]


class Night(msgspec.Struct, frozen=True):
    hour: Annotated[int, Field(lowest=0, highest=23)]


@get("/manage/backup", needs=May.MANAGE_CLINIC, slow=True)
def show(request: Request, db: TheDb) -> Page:
    return _show(request, db)


@get("/manage/backup/standing", needs=May.MANAGE_CLINIC, quiet=True)
def standing(request: Request, db: TheDb) -> Page:
    return _show(request, db, "standing", "lately")


def _show(request: Request, db: TheDb, *blocks: str, status: int = 200, **forms: Form) -> Page:
    places, folder = backups.places(db), request.app.state.folder
    runs = {one.id: backups.open_run(db, one.id) for one in places}
    newest = backups.newest_proved(db)
    told = {
        "place": blank(backups.NewFolder), "machine": blank(Machine), "proving": blank(Proving), "keeping": blank(Keeping),
        "night": blank(Night, hour=settings.get(db, "backup_hour", backups.HOUR)),
    } | forms
    return page(
        "backup/show.html", *blocks, status=status, newest=newest, old=newest and backups.age_hours(newest.proved_at) >= backups.OLDEST,
        kept_at=places, runs=runs, far={id: run and backups.how_far(run) for id, run in runs.items()}, busy=any(runs.values()),
        proved={one.id: backups.last_proved(db, one.id) for one in places}, last={one.id: backups.last(db, one.id) for one in places},
        recent=backups.recent(db, SHOWN), names={one.id: one.told for one in backups.every_place(db)}, sticks=_sticks(blocks),
        put_away=backups.is_put_away(db, folder), following=getattr(request.app.state, "following", None), hours=[(hour, f"{hour:02d}:00") for hour in range(24)], told=_told, size=_size,
        form=told["place"], **{name: form for name, form in told.items() if name != "place"},
    )


def _sticks(blocks: tuple[str, ...]) -> list[sticks.Stick]:
    """Only for a whole page: looking asks every disk."""
    return [] if blocks else sticks.sticks()


def _told(stamp: str) -> str:
    """A moment as people say it."""
    at = clock.to_local(stamp)
    days = (clock.today() - at.date()).days
    day = _("today") if days == 0 else _("yesterday") if days == 1 else at.date().isoformat()
    return f"{day} {at:%H:%M}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


# ── runs ──

@post("/manage/backup/runs", needs=May.MANAGE_CLINIC)
def create(request: Request, db: TheDb, actor: TheActor) -> Response:
    """To every place at once; one that is under way is not begun anew."""
    for one in backups.places(db):
        backups.want(db, actor, one.id)
    return go(request, "/manage/backup")


@post("/manage/backup/runs/{run_id:int}/cancellation", needs=May.MANAGE_CLINIC)
def cancel(request: Request, db: TheDb, actor: TheActor, run_id: FromPath[int]) -> Response:
    backups.cancel(db, actor, run_id)
    return go(request, "/manage/backup")


# ── places ──

@post("/manage/backup/places", needs=May.MANAGE_CLINIC)
def add_place(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(backups.NewFolder, data)
    if form.attempt(lambda new: backups.add_folder(db, actor, request.app.state.folder, new.at)):
        return go(request, "/manage/backup")
    return _show(request, db, "place-form", status=422, place=form)


@post("/manage/backup/places/{place_id:int}/removal", needs=May.MANAGE_CLINIC)
def remove_place(request: Request, db: TheDb, actor: TheActor, place_id: FromPath[int]) -> Response:
    backups.remove_place(db, actor, place_id)
    return go(request, "/manage/backup")


@post("/manage/backup/machines", needs=May.MANAGE_CLINIC)
def look_at_machine(request: Request, db: TheDb, data: Fields) -> Page:
    """The key it shows, to be compared by a person before anything is told to it."""
    form = bind(Machine, data)
    found = form.attempt(lambda given: backups.look_at_machine(given.address))
    if not found:
        return _show(request, db, "address-form", status=422, machine=form)
    server, host_key = found
    return _machine(server, blank(backups.NewMachine, address=str(server), host_key=host_key))


def _machine(server: servers.Server, form: Form, *blocks: str, status: int = 200) -> Page:
    return page(
        "backup/machine.html", *blocks, status=status, form=form, server=server, fingerprint=servers.fingerprint(form.raw["host_key"])
    )


@post("/manage/backup/machines/trusted", needs=May.MANAGE_CLINIC)
def add_machine(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(backups.NewMachine, data)
    server = servers.parse(form.raw["address"])
    if not servers.is_host_key(form.raw["host_key"]):
        raise Invalid({"address": N_("Please look at this machine again.")})
    if form.attempt(lambda given: backups.add_machine(db, actor, request.app.state.folder, given)):
        return go(request, "/manage/backup")
    return _machine(server, form, "machine-form", status=422)


@post("/manage/backup/hour", needs=May.MANAGE_CLINIC)
def set_hour(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Night, data)
    if not form.ok:
        return _show(request, db, "hour-form", status=422, night=form)
    settings.put(db, actor, backup_hour=form.value.hour)
    return go(request, "/manage/backup")


# ── the recovery sheet ──

@post("/manage/backup/sheet", needs=May.MANAGE_CLINIC)
def show_sheet(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Any:
    """After the password: whoever reads it can open every backup. It has no address that could be opened again."""
    form = bind(Proving, data)
    if not form.attempt(lambda given: staff.prove(db, actor, given.password) or True):
        return _show(request, db, "recovery", status=422, proving=form)
    key = backups.show_sheet(db, actor, request.app.state.folder)
    if data.get("as") != "pdf":
        return page("backup/sheet.html", paper=backups.sheet(db, key))
    drawn = pdf.draw(backups.document(backups.sheet(db, key, pictures=True)))
    return Response(drawn.content, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="yihe-recovery.pdf"'})


@post("/manage/backup/sheet/keeping", needs=May.MANAGE_CLINIC)
def put_away(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Keeping, data)
    if form.attempt(lambda given: backups.put_away(db, actor, request.app.state.folder, given.group) or True):
        return go(request, "/manage/backup")
    return _show(request, db, "recovery", status=422, keeping=form)


handlers = [show, standing, create, cancel, add_place, look_at_machine, add_machine, remove_place, set_hour, show_sheet, put_away]
