"""A person's scores over time, and two of their responses side by side."""

from typing import Annotated

from litestar.params import QueryParameter
from litestar.response import Response
from markupsafe import Markup

from app.clinic import figures, responses
from app.clinic.figures import Course, Moment
from app.clinic.patients import Patient
from app.core import charts, clock
from app.core.access import May
from app.core.charts import Line, Point
from app.core.db import Database
from app.core.errors import NotFound
from app.core.words import language
from app.routes.web import Page, TheDb, ThePatient, get, page, redirect

ALL = "/patients/{patient_id:int}/questionnaires"


@get(ALL + "/scores", needs=May.SEE_CLINICAL, slow=True)
def courses(db: TheDb, patient: ThePatient, of: Annotated[str, QueryParameter(name="of")] = "") -> Page:
    found = figures.courses(db, patient.id)
    titles = {one.code: one.title for one in found}
    chosen = of if of in titles else next(iter(titles), "")
    shown = [one for one in found if one.code == chosen]
    taken = {moment.response_id: moment for one in shown for moment in one.moments}
    return page(
        "figures/scores.html", patient=patient, titles=titles, of=chosen, courses=shown, drawings={one.item.link_id: _drawn(one) for one in shown},
        moments=sorted(taken.values(), key=lambda moment: (moment.at, moment.response_id), reverse=True), value=_value,
    )


def _drawn(course: Course) -> Markup:
    """Numbers, or the words of a decision as rows; a single one needs no drawing."""
    if len(course.moments) < 2:
        return Markup("")
    points = [Point(moment.at, moment.number, "" if moment.number is not None else _value(moment)) for moment in course.moments]
    name = course.item.text.said(language())[0] or course.item.link_id
    places = max((len(f"{point.value:.10g}".partition(".")[2]) for point in points if point.value is not None), default=0)
    return charts.trend([Line(name, points, min(places, 2))], title=name, until=clock.today().isoformat())


def _value(moment: Moment) -> str:
    if moment.number is not None:
        return f"{moment.number:.10g}"
    return moment.band.meaning.said(language())[0] if moment.band else moment.choice or ""


@get(ALL + "/comparison", needs=May.SEE_CLINICAL, slow=True)
def compare(
    db: TheDb, patient: ThePatient, first: Annotated[int, QueryParameter(name="first")] = 0,
    second: Annotated[int, QueryParameter(name="second")] = 0,
) -> Page | Response:
    """Two of the same questionnaire. Without a second one, that which came before the first; without a first one, the latest."""
    done = responses.done(db, patient.id, 200)
    if not first and not done:
        return redirect(f"/patients/{patient.id}/questionnaires")
    one = _standing(db, patient, first) if first else done[0]
    others = [other for other in done if other.questionnaire_id == one.questionnaire_id and other.id != one.id]
    if not others:
        return redirect(f"/patients/{patient.id}/questionnaires/{one.id}")
    other = _standing(db, patient, second) if second else _before(one, others)
    if other.questionnaire_id != one.questionnaire_id or other.id == one.id:
        raise NotFound()
    compared = figures.side_by_side(db, one, other)
    return page("figures/comparison.html", patient=patient, compared=compared, choices=sorted([one, *others], key=_when, reverse=True))


def _standing(db: Database, patient: Patient, id: int) -> responses.Response:
    found = responses.get(db, id, patient.id)
    if found is None or found.open or found.retired:
        raise NotFound()
    return found


def _when(one: responses.Response) -> tuple[str, int]:
    return one.completed_at or "", one.id


def _before(one: responses.Response, others: list[responses.Response]) -> responses.Response:
    earlier = [other for other in others if _when(other) < _when(one)]
    return max(earlier, key=_when) if earlier else min(others, key=_when)


handlers = [courses, compare]
