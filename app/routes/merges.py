"""People who are registered twice: the list, two records side by side, joining them, and making them two again."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import attachments, cards, observations, patients, records, work
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

ON_A_PAGE = 50
SINCE = 200


class Other(msgspec.Struct, frozen=True):
    """other: the id of the record it may be, too."""

    other: int


class Joining(msgspec.Struct, frozen=True):
    """keep: whose number stays. card: whose open card stays, where both have one. first, second: the versions compared."""

    keep: int
    first: int
    second: int
    card: int = 0


# ── who may be registered twice ──

@get("/duplicates", needs=May.REGISTER)
def index(
    db: TheDb, show: Annotated[str, QueryParameter(name="show")] = "", number: Annotated[int, QueryParameter(name="page")] = 1,
) -> Page:
    """show: "apart" for those somebody said are two."""
    number = min(max(1, number), 10_000)
    found, more = patients.pairs(db, apart=show == "apart", page=number, size=ON_A_PAGE)
    return page(
        "merges/index.html", pairs=found, show=show, number=number, more=more, n=patients.open_pairs(db),
        merges=patients.merges(db) if not show and number == 1 else [],
    )


@get("/patients/{patient_id:int}/duplicates", needs=May.REGISTER)
def choose(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, asked: Annotated[str, QueryParameter(name="asked")] = "") -> Page:
    """The other record, found as people are found."""
    return _choose(db, actor, patient, request.app.state.typed.recall(actor.id, asked))


@post("/patients/{patient_id:int}/duplicates", needs=May.REGISTER)
def compare(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    if "q" in data:
        return redirect(f"/patients/{patient.id}/duplicates?asked={request.app.state.typed.keep(actor.id, str(data['q']))}")
    form = bind(Other, data)
    pair = form.attempt(lambda given: patients.compare(db, actor, patient.id, given.other))
    return go(request, f"/duplicates/{pair}") if pair else _choose(db, actor, patient, "", form, 422)


def _choose(db: Database, actor: Actor, patient: patients.Patient, q: str, form: Form | None = None, status: int = 200) -> Page:
    found = patients.search(db, q, actor)
    alike = patients.likely(db, patients.as_new(db, patient), besides=patient.id)
    return page(
        "merges/choose.html", status=status, patient=patient, q=q, form=form or blank(Other), alike=alike,
        hits=[hit for hit in found.hits if hit.id != patient.id],
    )


# ── side by side ──

@get("/duplicates/{pair_id:int}", needs=May.REGISTER)
def show(request: Request, db: TheDb, actor: TheActor, pair_id: FromPath[int]) -> Page:
    pair = _pair(db, pair_id)
    for one in (pair.first, pair.second):
        request.app.state.looks.note(actor.id, one.id)
    return _show(db, actor, pair)


def _pair(db: Database, pair_id: int) -> patients.Pair:
    found = patients.pair(db, pair_id)
    if found is None:
        raise NotFound()
    return found


def _show(
    db: Database, actor: Actor, pair: patients.Pair, data: dict[str, Any] | None = None, form: Form | None = None,
    conflict: Conflict | None = None, status: int = 200,
) -> Page:
    both = [pair.first, pair.second]
    choices = patients.choices(db, *both)
    usual = {one.id: both[one.usual].id for one in choices}
    return page(
        "merges/show.html", status=status, pair=pair, both=both, choices=choices, conflict=conflict,
        form=form or blank(Joining, keep=pair.first.id, card=pair.first.id),
        taken={id: str((data or {}).get(f"take_{id}", first)) for id, first in usual.items()},
        holdings=[_holdings(db, actor, one) for one in both],
        good=[cards.current(db, one.id) for one in both], today=clock.today().isoformat(),
    )


def _holdings(db: Database, actor: Actor, one: patients.Patient) -> list[tuple[str, str]]:
    """By what else they are told apart, and what hangs on a record, for those who may see it."""
    lines = [" ".join(filter(None, (line.shown, line.whose_told))) for line in patients.lines(db, one.id)]
    held = [(_("Phone"), _(", ").join(lines)), (_("Cards"), _(", ").join(card.shown for card in cards.cards_of(db, one.id)))]
    if actor.may(May.SEE_CLINICAL):
        parts = records.parts(db, actor, one.id)
        held += [
            (_("Record entries"), str(sum(len(part.entries) + part.withheld for part in parts.values()))),
            (_("Reports of results"), str(len(observations.reports(db, one.id)))),
            (_("Open work"), str(len(work.open_for(db, one.id)))),
        ]
    return held


@post("/duplicates/{pair_id:int}/joining", needs=May.REGISTER)
def join(request: Request, db: TheDb, actor: TheActor, pair_id: FromPath[int], data: Fields) -> Page | Response:
    pair, form = _pair(db, pair_id), bind(Joining, data)
    try:
        merge = form.attempt(lambda given: _join(db, actor, pair, given, data))
    except Conflict as conflict:
        return _show(db, actor, pair, data, form, conflict, 409)
    return go(request, f"/merges/{merge}") if merge else _show(db, actor, pair, data, form, status=422)


def _join(db: Database, actor: Actor, pair: patients.Pair, given: Joining, data: dict[str, Any]) -> int:
    _leave_no_family_without(db, pair, given.card or given.keep)
    kept, gone = (pair.first, pair.second) if given.keep == pair.first.id else (pair.second, pair.first)
    taken = {
        one.id for one in patients.choices(db, pair.first, pair.second) if str(data.get(f"take_{one.id}", "")) == str(gone.id)
    }
    seen = (given.first, given.second) if kept is pair.first else (given.second, given.first)
    return patients.merge(db, actor, kept.id, gone.id, taken, given.card or None, seen)


def _leave_no_family_without(db: Database, pair: patients.Pair, stays: int) -> None:
    """The card that ends may be other people's too. Raises Invalid."""
    first, second = (cards.current(db, one.id) for one in (pair.first, pair.second))
    if first is None or second is None or first.id == second.id:
        return
    ends, of = (second, pair.second) if stays == pair.first.id else (first, pair.first)
    if ends.patient_id == of.id and len(cards.people(db, ends.id)) > 1:
        raise Invalid({"": (N_("Other people are on the card %(number)s. Let that card stay, or close it first."), {"number": ends.shown})})


@post("/duplicates/{pair_id:int}/difference", needs=May.REGISTER)
def apart(request: Request, db: TheDb, actor: TheActor, pair_id: FromPath[int]) -> Response:
    """Two people. It is not asked again."""
    patients.tell_apart(db, actor, pair_id)
    return go(request, f"/duplicates/{pair_id}")


@post("/duplicates/{pair_id:int}/doubt", needs=May.REGISTER)
def doubt(request: Request, db: TheDb, actor: TheActor, pair_id: FromPath[int]) -> Response:
    """Taken back: it is open again whether they are one."""
    patients.ask_again(db, actor, pair_id)
    return go(request, f"/duplicates/{pair_id}")


# ── joined, and two again ──

@get("/merges/{merge_id:int}", needs=May.REGISTER)
def joined(request: Request, db: TheDb, actor: TheActor, merge_id: FromPath[int]) -> Page:
    merge = patients.merge_of(db, merge_id)
    if merge is None:
        raise NotFound()
    kept, gone = patients.get(db, merge.kept_id), patients.get(db, merge.gone_id)
    last = next(iter(patients.merges_into(db, merge.kept_id)), None)
    if kept:
        request.app.state.looks.note(actor.id, kept.id)
    return page(
        "merges/joined.html", merge=merge, kept=kept, gone=gone, last=last,
        since=[] if merge.undone or kept is None else _since(db, actor, merge),
    )


def _since(db: Database, actor: Actor, merge: patients.Merge) -> list[patients.Entry]:
    """What people have recorded since the joining; it stays where it is."""
    withheld = records.withheld(db, actor, merge.kept_id) | attachments.withheld(db, actor, merge.kept_id)
    entries = patients.timeline(db, actor, merge.kept_id, limit=SINCE, withheld=withheld)
    own = ("patient.merged", "patient.merged_away")
    return [one for one in entries if one.id > merge.event_id and one.actor and one.cause_id is None and one.kind not in own]


@post("/merges/{merge_id:int}/undoing", needs=May.REGISTER)
def undo(request: Request, db: TheDb, actor: TheActor, merge_id: FromPath[int]) -> Response:
    patients.unmerge(db, actor, merge_id)
    return go(request, f"/merges/{merge_id}")


handlers = [index, choose, compare, show, join, apart, doubt, joined, undo]
