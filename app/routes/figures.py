"""Manage: what everybody answered to a questionnaire, small counts withheld, and the answers as a file."""

from typing import Annotated, Any

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response, Stream

from app.clinic import figures, patients, questionnaires, tags
from app.clinic.questionnaires import Item, Version
from app.core import clock, spreadsheets
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import N_
from app.routes.web import Page, TheActor, TheDb, get, page, post

ONE = "/manage/questionnaires/{questionnaire_id:int}"
GROUPS = {
    "sex": patients.SEXES,
    "age": {"18": N_("under 18"), "45": N_("18 to 44"), "60": N_("45 to 59"), "75": N_("60 to 74"), "older": N_("75 and older"), "unknown": N_("Not known")},
    "tag": {"with": N_("with this tag"), "without": N_("without this tag")},
}


@get(ONE + "/figures", needs=May.SEE_CLINICAL, slow=True)
def show(
    db: TheDb, questionnaire_id: FromPath[int], score: Annotated[str, QueryParameter(name="score")] = "",
    by: Annotated[str, QueryParameter(name="by")] = "sex", tag: Annotated[str, QueryParameter(name="tag")] = "",
) -> Page:
    version = _version(db, questionnaire_id)
    chosen, by = _score(version, score), by if by in figures.GROUPINGS else "sex"
    rules = sorted(tags.rules(db), key=lambda rule: rule.name)
    tag = tag if any(rule.code == tag for rule in rules) else rules[0].code if rules else ""
    people, answers = figures.questions(db, version)
    return page(
        "figures/figures.html", version=version, definition=version.definition, people=people, answers=answers, score=chosen, by=by, tag=tag, rules=rules,
        grouped=figures.groups(db, version, chosen, by, tag) if chosen and answers else None, names=GROUPS[by], groupings=figures.GROUPINGS, least=figures.LEAST,
    )


def _version(db: Database, questionnaire_id: int) -> Version:
    versions = questionnaires.versions(db, questionnaire_id)
    if not versions:
        raise NotFound()
    return versions[0]


def _score(version: Version, link_id: str) -> Item | None:
    """The one asked for, else the first that says what it means."""
    scores = version.definition.scores
    asked = next((item for item in scores if item.link_id == link_id), None)
    return asked or next((item for item in scores if item.bands), scores[0] if scores else None)


@post(ONE + "/exports", needs=May.EXPORT)
def export(request: Request, db: TheDb, actor: TheActor, questionnaire_id: FromPath[int]) -> Response[Any]:
    """Sent while it is read; written down before it goes."""
    version = _version(db, questionnaire_id)
    figures.note(db, actor, version)
    request.app.state.looks.note_all(actor.id, figures.people(db, version), "export")
    name = f"{version.code}-{clock.today()}.csv"
    return Stream(
        spreadsheets.csv_pieces(figures.table(db, actor, version)), media_type=spreadsheets.CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


handlers = [show, export]
