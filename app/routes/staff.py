"""Manage: the place itself, the staff, their devices, the clinic's own details, the audit."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import staff
from app.core import settings
from app.core.access import May, Role
from app.core.errors import Conflict, NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import LANGUAGES, N_, _
from app.routes import meanwhile
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post, redirect


MEMBER = {"name": N_("Name"), "role": N_("Role"), "language": N_("Language")}


class NewPassword(msgspec.Struct, frozen=True):
    password: Annotated[str, Field(most=200)]


class SeenMember(staff.EditMember, frozen=True):
    """seen: what the form showed when it was opened."""

    seen: str = ""


class Team(msgspec.Struct, frozen=True):
    managers: list[int] = []


@get("/manage", needs=May.SIGNED_IN)
def manage() -> Page:
    return page("staff/manage.html")


@get("/manage/staff", needs=May.MANAGE_STAFF)
def index(db: TheDb) -> Page:
    return page("staff/index.html", members=staff.everyone(db), sessions=staff.sessions(db))


@get("/manage/staff/new", needs=May.MANAGE_STAFF)
def new(db: TheDb) -> Page:
    language = settings.get(db, "clinic_language", "zh")
    return page("staff/new.html", form=blank(staff.NewMember, language=language), roles=role_choices())


@post("/manage/staff", needs=May.MANAGE_STAFF)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(staff.NewMember, data)
    if form.attempt(lambda given: staff.add(db, actor, given)) is None:
        return page("staff/new.html", "staff-form", form=form, roles=role_choices(), status=422)
    return go(request, "/manage/staff")


@get("/manage/staff/{staff_id:int}", needs=May.MANAGE_STAFF)
def show(db: TheDb, staff_id: FromPath[int]) -> Page:
    member = _member(db, staff_id)
    return _show(db, member, _as_typed(member), blank(NewPassword))


@post("/manage/staff/{staff_id:int}", needs=May.MANAGE_STAFF)
def update(request: Request, db: TheDb, actor: TheActor, staff_id: FromPath[int], data: Fields) -> Page | Response:
    form = bind(SeenMember, data)

    def save(given: SeenMember) -> bool:
        with db.aside():
            meanwhile.compare(form, _as_typed(_member(db, staff_id)), MEMBER, {"role": dict(role_choices()), "language": LANGUAGES})
            staff.edit(db, actor, staff_id, given)
        return True

    try:
        done = form.attempt(save)
    except Conflict as conflict:
        return _show(db, _member(db, staff_id), form, blank(NewPassword), 409, conflict)
    return go(request, "/manage/staff") if done else _show(db, _member(db, staff_id), form, blank(NewPassword), 422)


@post("/manage/staff/{staff_id:int}/password", needs=May.MANAGE_STAFF)
def reset_password(request: Request, db: TheDb, actor: TheActor, staff_id: FromPath[int], data: Fields) -> Page | Response:
    member, form = _member(db, staff_id), bind(NewPassword, data)
    if form.attempt(lambda given: staff.reset_password(db, actor, staff_id, given.password) or True) is None:
        return _show(db, member, _as_typed(member), form, 422)
    return go(request, "/manage/staff")


@post("/manage/staff/{staff_id:int}/team", needs=May.MANAGE_STAFF)
def set_team(db: TheDb, actor: TheActor, staff_id: FromPath[int], data: Fields) -> Response:
    chosen = bind(Team, data).value
    staff.set_team(db, actor, staff_id, chosen.managers if chosen else [])
    return redirect("/manage/staff")


@post("/manage/staff/{staff_id:int}/closure", needs=May.MANAGE_STAFF)
def close(db: TheDb, actor: TheActor, staff_id: FromPath[int]) -> Response:
    staff.disable(db, actor, staff_id)
    return redirect("/manage/staff")


@post("/manage/staff/{staff_id:int}/reopening", needs=May.MANAGE_STAFF)
def reopen(db: TheDb, actor: TheActor, staff_id: FromPath[int]) -> Response:
    staff.enable(db, actor, staff_id)
    return redirect("/manage/staff")


@post("/manage/sessions/{session_id:int}/end", needs=May.MANAGE_STAFF)
def end_session(db: TheDb, actor: TheActor, session_id: FromPath[int]) -> Response:
    staff.end_session(db, actor, session_id)
    return redirect("/manage/staff")


@get("/manage/audit", needs=May.SEE_AUDIT)
def audit(db: TheDb, before: Annotated[int | None, QueryParameter(name="before")] = None) -> Page:
    lines = staff.audit(db, before)
    return page("staff/audit.html", lines=lines, older=lines[-1].id if len(lines) == staff.AUDIT_PAGE else None)


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, _(role.label)) for role in Role]


def _member(db: TheDb, staff_id: int) -> staff.Member:
    member = staff.get(db, staff_id)
    if member is None:
        raise NotFound()
    return member


def _as_typed(member: staff.Member) -> Form:
    form = blank(SeenMember, name=member.name, role=member.role, language=member.language)
    form.raw["seen"] = meanwhile.seen(form, MEMBER)
    return form


def _show(
    db: TheDb, member: staff.Member, form: Form, password_form: Form, status: int = 200, conflict: Conflict | None = None
) -> Page:
    managers = staff.with_role(db, Role.HEALTH_MANAGER) if member.role == Role.DOCTOR else []
    return page(
        "staff/show.html", "staff-form", "password-form", member=member, form=form, password_form=password_form, conflict=conflict,
        roles=role_choices(), status=status, managers=[(one.id, one.name) for one in managers],
        team=blank(Team, managers=staff.team(db, member.id)), second_step=staff.has_second_step(db, member.id),
    )


handlers = [manage, index, new, create, show, update, reset_password, set_team, close, reopen, end_session, audit]
