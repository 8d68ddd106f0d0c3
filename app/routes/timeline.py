"""One timeline of everything about a person."""

from typing import Annotated

from litestar.params import QueryParameter

from app.clinic import patients, records
from app.core.access import May
from app.routes.web import Page, TheActor, TheDb, ThePatient, get, page

ON_A_PAGE = 50


@get("/patients/{patient_id:int}/timeline", needs=May.FIND_PATIENTS)
def index(
    db: TheDb, actor: TheActor, patient: ThePatient, kind: Annotated[str, QueryParameter(name="kind")] = "",
    before: Annotated[int | None, QueryParameter(name="before")] = None,
) -> Page:
    groups = patients.groups(actor)
    group = kind if kind in groups else ""
    entries = patients.timeline(
        db, actor, patient.id, before=before, group=group, limit=ON_A_PAGE + 1,
        withheld=records.withheld(db, actor, patient.id))
    return page(
        "timeline/index.html", patient=patient, entries=entries[:ON_A_PAGE], groups=groups, group=group,
        paged=before is not None,
        next=entries[ON_A_PAGE - 1].id if len(entries) > ON_A_PAGE else None,
    )


handlers = [index]
