from app.clinic import observations, records
from app.clinic.attachments.shapes import PERSON, Attachment, Place
from app.core.access import Actor, May
from app.core.db import Database
from app.core.text import plain_line
from app.core.words import N_, _

_ATTACHMENT = """
SELECT a.id, a.section, a.entry_id, a.report_id, a.file, a.thumbnail, a.kind, a.size, a.pages, a.title, a.taken_on, a.sensitive,
  a.replaces_id, a.reason, a.retired_event_id IS NOT NULL AS retired, a.retired_reason, s.name AS author, e.at
FROM attachments a JOIN events e ON e.id = a.event_id LEFT JOIN staff s ON s.id = e.actor_id
"""
ONE = f"{_ATTACHMENT} WHERE a.patient_id = :patient AND a.id = :id"
LIVE = f"{_ATTACHMENT} WHERE a.patient_id = :patient AND a.retired_event_id IS NULL ORDER BY a.taken_on DESC, a.id DESC"
TAKEN_OUT = f"""
{_ATTACHMENT} WHERE a.patient_id = :patient AND a.retired_event_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM attachments n WHERE n.replaces_id = a.id) ORDER BY a.id DESC
"""
OF_REPORT = f"{_ATTACHMENT} WHERE a.report_id = :report AND a.patient_id = :patient AND a.retired_event_id IS NULL ORDER BY a.id"
COUNT = "SELECT count(*) FROM attachments WHERE patient_id = :patient AND retired_event_id IS NULL"
NEXT = "SELECT id FROM attachments WHERE replaces_id = :id"
BY_TOKEN = "SELECT id FROM attachments WHERE token = :token"
TWIN = "SELECT id FROM attachments WHERE patient_id = :patient AND retired_event_id IS NULL AND file = :file"
# What became sensitive was so before, too; and what is attached to something withheld is withheld with it.
SECRET = """
WITH RECURSIVE chain(id) AS (
  SELECT id FROM attachments WHERE patient_id = :patient AND sensitive
  UNION SELECT a.replaces_id FROM chain JOIN attachments a ON a.id = chain.id WHERE a.replaces_id IS NOT NULL
  UNION SELECT a.id FROM chain JOIN attachments a ON a.replaces_id = chain.id
)
SELECT id FROM chain
"""
PLACED = "SELECT id, section, entry_id FROM attachments WHERE patient_id = :patient AND section IS NOT NULL"


def get(db: Database, actor: Actor, patient_id: int, id: int) -> Attachment | None:
    """One version, living or not, of this person's; None also where it is not for these eyes."""
    found = db.one(Attachment, ONE, patient=patient_id, id=id)
    return None if found is None or id in hidden(db, actor, patient_id) else found


def page_of(db: Database, actor: Actor, patient_id: int) -> tuple[list[Attachment], int]:
    """Those that stand, the newest first, and how many more are withheld."""
    return _open_to(db, actor, patient_id, db.all(Attachment, LIVE, patient=patient_id))


def taken_out(db: Database, actor: Actor, patient_id: int) -> list[Attachment]:
    return _open_to(db, actor, patient_id, db.all(Attachment, TAKEN_OUT, patient=patient_id))[0]


def of_report(db: Database, actor: Actor, patient_id: int, report_id: int) -> list[Attachment]:
    return _open_to(db, actor, patient_id, db.all(Attachment, OF_REPORT, patient=patient_id, report=report_id))[0]


def of_entries(db: Database, actor: Actor, patient_id: int) -> dict[tuple[str, int], list[Attachment]]:
    """Those that hang on entries of the record, by (section, the entry as it stands today)."""
    found: dict[tuple[str, int], list[Attachment]] = {}
    for one in page_of(db, actor, patient_id)[0]:
        if one.section and (entry := newest_entry(db, patient_id, one.place)):
            found.setdefault((one.section, entry.id), []).append(one)
    return found


def count(db: Database, patient_id: int) -> int:
    return db.value(COUNT, patient=patient_id)


def newest(db: Database, id: int) -> int:
    """The version that stands today in the place of this one."""
    while (later := db.value(NEXT, id=id)) is not None:
        id = later
    return id


def history(db: Database, actor: Actor, patient_id: int, id: int) -> list[Attachment]:
    """The versions this actor may see, the newest first: one may have hung on what is withheld."""
    return _open_to(db, actor, patient_id, _versions(db, patient_id, id))[0]


def _versions(db: Database, patient_id: int, id: int) -> list[Attachment]:
    found, at = [], newest(db, id)
    while at is not None:
        found.append(db.one(Attachment, ONE, patient=patient_id, id=at))
        at = found[-1].replaces_id
    return found


# ── who may see it ──

def hidden(db: Database, actor: Actor, patient_id: int) -> set[int]:
    """The versions this actor may not see."""
    if actor.may(May.SEE_SENSITIVE):
        return set()
    secret = set(db.all(int, SECRET, patient=patient_id))
    placed = db.all(tuple, PLACED, patient=patient_id)
    if placed:
        entries = records.withheld(db, actor, patient_id)
        secret |= {id for id, section, entry in placed if (records.section(section).noun, entry) in entries}
    return secret


def withheld(db: Database, actor: Actor, patient_id: int) -> set[tuple[str, int]]:
    """The same as (noun, id), for the timeline."""
    return {("attachment", id) for id in hidden(db, actor, patient_id)}


def _open_to(db: Database, actor: Actor, patient_id: int, found: list[Attachment]) -> tuple[list[Attachment], int]:
    secret = hidden(db, actor, patient_id) if found else set()
    seen = [one for one in found if one.id not in secret]
    return seen, len(found) - len(seen)


def secret(db: Database, patient_id: int, id: int) -> bool:
    """Whether it ever was only for those who see what is sensitive: by itself, or for what it hung on."""
    return any(one.sensitive or _hangs_on_secret(db, patient_id, one.place) for one in _versions(db, patient_id, id))


def _hangs_on_secret(db: Database, patient_id: int, place: Place) -> bool:
    section = records.section(place.section) if place.section else None
    return section is not None and any(one.sensitive for one in records.history(db, patient_id, section, place.entry_id))


# ── what it hangs on ──

RESULTS = N_("Results of %(day)s")
MOST_RESULTS = 100


def newest_entry(db: Database, patient_id: int, place: Place) -> records.Entry | None:
    return records.newest(db, patient_id, records.section(place.section), place.entry_id)


def called(db: Database, patient_id: int, place: Place) -> str:
    """What people call the place."""
    if place.section:
        entry = newest_entry(db, patient_id, place)
        return _head(records.section(place.section), entry) if entry else ""
    report = observations.report(db, patient_id, place.report_id) if place.report_id else None
    return _(RESULTS, day=report.taken_at[:10]) if report else ""


def choices(db: Database, actor: Actor, patient_id: int) -> list[tuple[str, str]]:
    """Everything an attachment may hang on, as (what the form says, what people read)."""
    found = [("", _(PERSON))]
    for part in records.parts(db, actor, patient_id).values():
        section = records.section(part.id)
        found += [(Place(part.id, one.id).typed, f"{_(section.title)} · {_head(section, one)}") for one in part.entries]
    return found + [
        (Place(report_id=one.id).typed, _(RESULTS, day=one.taken_at[:10]))
        for one in observations.reports(db, patient_id)[:MOST_RESULTS]
    ]


def _head(section: records.Section, entry: records.Entry) -> str:
    return plain_line(section.line(entry))[:60] or _(section.title)
