"""A person answers on their own page: every tap is kept, a button goes on, at the end it is handed in."""

from collections.abc import Set
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Response

from app.clinic import invitations, questionnaires, responses
from app.clinic.invitations import Guest
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import bind
from app.core.words import N_, _
from app.routes.answering import STEPS
from app.routes.guests import DAY, TheGuest, own_form, token_of
from app.routes.web import LANGUAGE_COOKIE, Fields, Page, TheDb, by_tls, cookie_name, go, is_htmx, page, post, redirect

NEEDED = N_("Please answer this first.")


def _unfile(db: Database, one: responses.Response, revision: int, value: str, hand: str) -> responses.Answered:
    path, _mark, id = value.rpartition("#")
    return responses.unattach(db, one.id, revision, path, id, hand, by_person=True)


STEPS_HERE = {name: STEPS[name] for name in ("_confirm", "_repeat", "_drop")} | {"_unfile": _unfile}


# ── what stands there ──

def screen(db: Database, guest: Guest, *blocks: str, status: int = 200, **more: Any) -> Page:
    return page("fill/show.html", *blocks, status=status, **_all(db, guest, **more))


def _all(
    db: Database, guest: Guest, at: str | None = None, errors: dict[str, str] | None = None, raw: dict | None = None, **more: Any,
) -> dict[str, Any]:
    """What a screen is drawn from. at: the question it shows."""
    one, sitting = responses.being_filled(db, guest.response_id)
    definition, state = responses.definition_of(db, one), responses.state_of(db, one, sitting)
    every, at = invitations.screens(state), invitations.stands(state, guest.at if at is None else at)
    here = next((n for n, each in enumerate(every) if each.path == at), None)
    unscored = msgspec.structs.replace(state, shown=tuple(place for place in state.shown if not place.item.score))  # that is for staff
    sheet = responses.Sheet(
        definition, unscored, guest.language, errors=errors or {}, raw=raw or {}, known=responses.prefill(db, one, definition, state),
        taken_over=sitting.taken_over, files=f"{guest.path}/files", pictures=f"{guest.path}/files", whole=False)
    return {
        "guest": guest, "name": invitations.greeted(guest.patient_name), "title": one.title, "sheet": sheet, "at": at, "here": here,
        "screens": every, "screen": every[here] if here is not None else None, "sitting": sitting,
        "left": invitations.minutes(sum(each.path not in state.given for each in every)),
        "missing": [each for each in every if each.path in state.missing], "help": invitations.hotline(definition), "actor": None,
        "conflict": None, "refused": "", **more,
    }


# ── what is sent ──

@own_form(post, "/answers")
def update(request: Request, db: TheDb, guest: TheGuest, data: Fields) -> Page | Response:
    """Keep what was answered, and go where the button says. Without a button it is only kept: every tap is."""
    begun(guest)
    at, step = _text(data, "_at"), _text(data, "_go")
    fields = _asked_now(db, guest, responses.sent(data))
    try:
        done = _take(db, guest, data, fields)
    except Conflict as conflict:
        return screen(db, guest, "ask", status=409, at=at, conflict=conflict) if step else afresh(db, guest, at, conflict)
    if not step:
        return kept(request, db, guest, data, list(fields), done)
    wrong = done.errors or ({at: _(NEEDED)} if step == "on" and at in done.after.missing else {})
    if wrong:
        return screen(db, guest, "ask", status=422, at=at, errors=wrong, raw=done.raw)
    return _go(request, db, guest, _next(done.after, at, step))


def _take(db: Database, guest: Guest, data: dict[str, Any], fields: dict[str, list[str]]) -> responses.Answered:
    """What stands in the fields, then what a button of the form does."""
    one = responses.get(db, guest.response_id)
    done = responses.answer(db, one.id, number(data, "_revision"), fields, guest.language, guest.key)
    for name, how in STEPS_HERE.items():
        if value := _text(data, name):
            done = responses.together(done, how(db, one, done.revision, value, guest.key))
    return done


def begun(guest: Guest) -> None:
    if guest.response_id is None:
        raise NotFound()


def _asked_now(db: Database, guest: Guest, fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """Only what this person is asked now: a field somebody made up changes nothing."""
    one, sitting = responses.being_filled(db, guest.response_id)
    known = {place.path for place in responses.state_of(db, one, sitting).shown if place.item.asked}
    return {name: value for name, value in fields.items() if name in known or name.removesuffix(".unit") in known}


def _next(state: questionnaires.State, at: str, step: str) -> str:
    if step == "end":
        return invitations.END
    if step.startswith("to:"):
        return invitations.stands(state, step.removeprefix("to:"))
    return invitations.step(state, at, {"on": 1, "back": -1}.get(step, 0))


def _go(request: Request, db: Database, guest: Guest, at: str, away: bool = False) -> Page | Response:
    """away: by loading the page anew."""
    invitations.move(db, token_of(request), at)
    if away:
        return go(request, guest.path)
    return screen(db, guest, "ask", at=at) if is_htmx(request) else redirect(guest.path)


def kept(
    request: Request, db: Database, guest: Guest, data: dict[str, Any], sent: list[str], done: responses.Answered, anew: Set[str] = frozenset(),
) -> Page | Response:
    """Only what changed, so that nothing one is typing is replaced; static/js/answering.js puts each block into its place. anew: what is drawn again besides."""
    if not is_htmx(request):
        return redirect(guest.path)
    at = _text(data, "_at") or next(iter(sent), "") or _text(data, "_confirm") or guest.at
    if _text(data, "_repeat") and not guest.whole:
        return _go(request, db, guest, _next(done.after, at, "on"), away=True)
    moved = done.behind or [place.path for place in done.before.places] != [place.path for place in done.after.places]
    changed = set(questionnaires.changed(done.before, done.after)) | anew
    said = [place for place in done.after.shown if place.path in sent and place.path not in changed]
    places = [place for place in done.after.places if place.path in changed]
    return page(
        "fill/blocks.html", moved=moved and bool(guest.whole), places=places, said=said,
        **_all(db, guest, at, done.errors, done.raw))


def afresh(db: Database, guest: Guest, at: str, conflict: Conflict) -> Page:
    """Both texts, and the answers as they are kept."""
    drawn = _all(db, guest, at, conflict=conflict)
    return page("fill/blocks.html", moved=bool(guest.whole), places=[drawn["screen"].place] if drawn["screen"] else [], said=[], status=409, **drawn)


def _text(data: dict[str, Any], name: str) -> str:
    given = data.get(name, "")
    return str(given[-1] if isinstance(given, list) and given else given)


def number(data: dict[str, Any], name: str) -> int:
    text = _text(data, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@own_form(post, "/looks")
def look(request: Request, db: TheDb, guest: TheGuest, data: Fields) -> Response:
    """Larger letters, the other language, one question at a time or all of them."""
    now = {"language": guest.language, "large": guest.large, "whole": guest.whole}
    form = bind(invitations.Looks, now | dict(data))
    if form.ok:
        invitations.show_as(db, token_of(request), form.value)
    return go(request, guest.path)


@own_form(post, "/submission")
def submit(request: Request, db: TheDb, guest: TheGuest) -> Page | Response:
    """Hand it in, once; what is missing is shown, each with a way to it."""
    begun(guest)
    try:
        responses.complete(db, None, guest.response_id)
    except Invalid as invalid:
        said = {path: _(message[0], **message[1]) if isinstance(message, tuple) else _(message) for path, message in invalid.errors.items()}
        return screen(db, guest, "ask", status=422, at=invitations.END, errors=said, refused=said.get("", ""))
    answer = go(request, thanks := f"{guest.path}/thanks")
    answer.set_cookie(Cookie(
        key=cookie_name(request, LANGUAGE_COOKIE), value=guest.language, path=thanks, httponly=True, samesite="strict", secure=by_tls(request), max_age=DAY))
    return answer


handlers = [update, look, submit]
