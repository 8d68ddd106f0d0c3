"""The doubtful lines of a list: decided in piles or one by one, side by side; and what could not be taken over."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import patients, rosters
from app.core.access import May
from app.core.errors import Invalid, NotFound
from app.core.words import N_, _
from app.routes.rosters import HOME, found
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

PAGE = 20


class Candidate(msgspec.Struct, frozen=True):
    """Somebody a line may be about. patient: registered; line: an earlier line of the list. said: what, told, whether it agrees."""

    patient: patients.Patient | None
    line: int | None
    said: list[tuple[str, str, bool | None]]


class Shown(msgspec.Struct, frozen=True):
    line: rosters.Line
    said: list[tuple[str, str]]
    people: list[Candidate]
    raw: list[tuple[str, str]]


@post(HOME + "/{roster_id:int}/decisions", needs=May.IMPORT)
def decide_pile(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], data: Fields) -> Response:
    found(db, roster_id)
    rosters.decide_pile(db, actor, roster_id, str(data.get("pile", "")), str(data.get("decision", "")))
    return go(request, f"{HOME}/{roster_id}")


@get(HOME + "/{roster_id:int}/lines", needs=May.IMPORT, slow=True)
def lines(
    request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], pile: Annotated[str, QueryParameter(name="pile")] = "",
    after: Annotated[int, QueryParameter(name="after")] = 0,
) -> Page:
    """One pile, line by line."""
    roster = found(db, roster_id)
    one = next((one for one in rosters.piles(db, roster_id) if one.key == pile), None)
    some = rosters.of_pile(db, roster_id, one, after, PAGE + 1) if one else []
    reader = rosters.reader_of(roster)
    shown = [_shown(db, roster, reader, line) for line in some[:PAGE]]
    for candidate in [one.patient for line in shown for one in line.people if one.patient]:
        request.app.state.looks.note(actor.id, candidate.id)
    return page(
        "rosters/lines.html", roster=roster, pile=one, key=pile, after=after, shown=shown,
        more=some[PAGE - 1].id if len(some) > PAGE else None, lines_why=rosters.LINES,
        may_decide=rosters.may,
    )


@post(HOME + "/{roster_id:int}/lines/{line_id:int}", needs=May.IMPORT)
def decide(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], line_id: FromPath[int], data: Fields) -> Response:
    line = rosters.line(db, line_id)
    if line is None or line.roster_id != roster_id:
        raise NotFound()
    person = str(data.get("patient_id", ""))
    if person and not person.isdecimal():
        raise Invalid({"patient_id": N_("Please choose one of these.")})
    rosters.decide(db, actor, line_id, str(data.get("decision", "")), int(person) if person else None)
    return go(request, f"{HOME}/{roster_id}/lines?pile={line.key}&after={after(data)}#l{line_id}")


@get(HOME + "/{roster_id:int}/cells", needs=May.IMPORT, slow=True)
def cells(db: TheDb, roster_id: FromPath[int], after: Annotated[int, QueryParameter(name="after")] = 0) -> Page:
    """What could not be taken over, person by person."""
    roster = found(db, roster_id)
    some = rosters.left(db, roster_id, after, PAGE + 1)
    people = patients.get_many(db, [line.patient_id for line in some if line.patient_id])
    heads = {column.place: column.header for column in roster.all_columns}
    return page(
        "rosters/cells.html", roster=roster, shown=[(line, people.get(line.patient_id)) for line in some[:PAGE]], after=after,
        more=some[PAGE - 1].id if len(some) > PAGE else None, heads=heads, why=rosters.CELLS, piles=rosters.cell_piles(db, roster_id),
    )


@post(HOME + "/{roster_id:int}/cells", needs=May.IMPORT)
def settle_many(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], data: Fields) -> Response:
    """All cells left for one reason have been looked at."""
    found(db, roster_id)
    rosters.settle_cells(db, actor, roster_id, str(data.get("reason", "")))
    return go(request, f"{HOME}/{roster_id}/cells")


@post(HOME + "/{roster_id:int}/lines/{line_id:int}/settled", needs=May.IMPORT)
def settle(request: Request, db: TheDb, actor: TheActor, roster_id: FromPath[int], line_id: FromPath[int], data: Fields) -> Response:
    line = rosters.line(db, line_id)
    if line is None or line.roster_id != roster_id:
        raise NotFound()
    rosters.settle(db, actor, line_id)
    return go(request, f"{HOME}/{roster_id}/cells?after={after(data)}")


# ── parts ──

def after(data: dict[str, Any]) -> int:
    given = str(data.get("after", ""))
    return int(given) if given.isdecimal() else 0


def _shown(db: Any, roster: rosters.Roster, reader: Any, line: rosters.Line) -> Shown:
    facts = told(said := reader.read(line.texts))
    if line.alike_line:
        people = _earlier(db, roster, reader, line, facts)
    else:
        people = _here(db, roster, said, facts) if line.because else []
    return Shown(line, facts, people, rosters.raw(roster.all_columns, line.texts))


def told(said: rosters.Said) -> list[tuple[str, str]]:
    """(what, as the list says it), as people compare it."""
    return [
        (N_("Name"), said.name), (N_("Sex"), _(patients.SEXES[said.sex]) if said.sex != "unknown" else ""),
        (N_("Birth date"), said.born_told),
        (N_("ID number"), ", ".join(patients.mask_document(number) for _system, number in said.documents)),
        (N_("Phone"), ", ".join(one.shown for one in said.phones)), (N_("Address"), said.address),
    ]


def _beside(mine: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list[tuple[str, str, bool | None]]:
    """Theirs, with whether it agrees; None where one is silent."""
    return [(what, there, here == there if here and there else None) for (what, here), (_what, there) in zip(mine, theirs, strict=True)]


def _earlier(db: Any, roster: rosters.Roster, reader: Any, line: rosters.Line, facts: list) -> list[Candidate]:
    other = rosters.line_at(db, roster.id, line.alike_line)
    return [Candidate(None, other.line, _beside(facts, told(reader.read(other.texts))))] if other else []


def _here(db: Any, roster: rosters.Roster, said: rosters.Said, facts: list) -> list[Candidate]:
    """At most three, the likeliest first."""
    found = rosters.candidates(db, roster.source_id, said)[:3]
    people = patients.get_many(db, [id for _likeness, id in found])
    return [
        Candidate(people[id], None, _beside(facts, told(rosters.registered(db, people[id])))) for _likeness, id in found if id in people
    ]


handlers = [decide_pile, lines, decide, cells, settle_many, settle]
