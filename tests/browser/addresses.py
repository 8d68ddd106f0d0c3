"""Every page of the route table as an address that shows something, filled in from the clinic's file."""

import re
from contextlib import closing
from pathlib import Path

from litestar import Litestar

from app.core.sqlite import sqlite3

PATIENT = """SELECT patient_id FROM observations o WHERE retired_event_id IS NULL
             AND EXISTS (SELECT 1 FROM findings f WHERE f.patient_id = o.patient_id)
             AND EXISTS (SELECT 1 FROM conditions c WHERE c.patient_id = o.patient_id AND c.retired_event_id IS NULL)
             AND EXISTS (SELECT 1 FROM cards c WHERE c.patient_id = o.patient_id)
             AND EXISTS (SELECT 1 FROM responses r WHERE r.patient_id = o.patient_id AND r.completed_at IS NOT NULL AND r.retired_event_id IS NULL)
             AND EXISTS (SELECT 1 FROM encounters e WHERE e.patient_id = o.patient_id AND e.signed_event_id IS NOT NULL)
             GROUP BY patient_id ORDER BY count(*) DESC LIMIT 1"""
PLACES = {
    ("/patients/{patient_id}/questionnaires", "code"): "SELECT 'gad-7'",
    ("/patients", "response_id"): "SELECT max(id) FROM responses WHERE patient_id = :patient AND completed_at IS NOT NULL AND retired_event_id IS NULL",
    ("", "patient_id"): PATIENT,
    ("/manage/staff", "staff_id"): "SELECT max(id) FROM staff",
    ("/manage/tablets", "tablet_id"): "SELECT min(id) FROM tablets",
    ("/recalls", "list_id"): "SELECT max(id) FROM recall_lists",
    ("/work", "work_id"): "SELECT max(id) FROM work_items WHERE patient_id = :patient",
    ("/patients", "code"): "SELECT code FROM observations WHERE patient_id = :patient AND code = 'SBP'",
    ("/manage/indicators", "code"): "SELECT 'LDL'",
    ("/patients/{patient_id}/reports", "report_id"): "SELECT max(id) FROM reports WHERE patient_id = :patient",
    ("/patients", "report_id"): "SELECT max(id) FROM diagnostic_reports WHERE patient_id = :patient",
    ("/patients", "id"): "SELECT max(id) FROM observations WHERE patient_id = :patient AND retired_event_id IS NULL AND code = 'SBP'",
    ("/patients", "card_id"): "SELECT max(id) FROM cards WHERE patient_id = :patient",
    ("/manage/imports", "batch_id"): "SELECT min(id) FROM import_batches",
    ("/manage/rosters", "roster_id"): "SELECT roster_id FROM roster_lines WHERE left_cells <> '[]' AND outcome = 'registered' LIMIT 1",
    ("/manage/tray", "batch_id"): "SELECT batch_id FROM tray_items LIMIT 1",
    ("/manage/rules", "rule_code"): "SELECT min(code) FROM tag_rules",
    ("/manage/card-types", "type_id"): "SELECT min(id) FROM card_types",
    ("/patients", "section_id"): "SELECT 'conditions'",
    ("/households", "household_id"): "SELECT max(id) FROM households",
    ("/patients", "purpose_id"): "SELECT 'hypertension'",
    ("/patients/assignments", "assignment_id"): "SELECT max(id) FROM bulk_assignments",
    ("/patients", "attachment_id"): "SELECT max(id) FROM attachments WHERE patient_id = :patient AND retired_event_id IS NULL",
    ("/patients", "review_id"): "SELECT max(id) FROM medication_reviews WHERE patient_id = :patient AND retired_event_id IS NULL",
    ("/patients", "kind"): "SELECT 'conditions'",
    ("/duplicates", "pair_id"): """SELECT max(d.id) FROM duplicate_pairs d JOIN patients a ON a.id = d.first_id
      JOIN patients b ON b.id = d.second_id WHERE a.withdrawn_event_id IS NULL AND b.withdrawn_event_id IS NULL""",
    ("/merges", "merge_id"): "SELECT max(id) FROM merges",
    ("/patients", "encounter_id"): "SELECT max(id) FROM encounters WHERE patient_id = :patient AND signed_event_id IS NOT NULL",
    ("/patients", "part_id"): "SELECT 'complaint'",
    ("/manage/questionnaires", "questionnaire_id"): "SELECT coalesce((SELECT max(questionnaire_id) FROM questionnaire_drafts), max(id)) FROM questionnaires",
    ("/patients", "asked_id"): "SELECT max(id) FROM asked WHERE patient_id = :patient AND ended_event_id IS NULL",
    ("/fill", "asked_id"): "SELECT max(id) FROM asked",
    ("/askings", "asking_id"): "SELECT max(id) FROM askings WHERE whom <> 'person'",
    ("/patients", "entry_id"): "SELECT max(id) FROM conditions WHERE patient_id = :patient AND retired_event_id IS NULL",
}
WRITTEN = "SELECT patient_id, id FROM encounters WHERE signed_event_id IS NULL AND withdrawn_event_id IS NULL LIMIT 1"  # somebody writes in it
PILE = "0..name_birth."  # of a list of people: lines like an earlier one of the same name and birth date
NOT_PAGES = re.compile(r"^/static|^/logo|^/drafts/of$|/photo$|/file$|/small$|\.pdf$|\.svg$|\.json$|^/$|^/sign-in(/code)?$|^/setup$|^/fill/\{asked_id\}$|^/fill/t/|^/unlocking$|^/lock$|^/hello|^/manifest/")
EXTRA = ["/today?of=clinic&due=all", "/patients?doctor=0", "/patients?sex=female&columns=born&columns=address&columns=due", "/manage/audit?before=50", "/codes?q=gxy", "/nowhere"]


def paths(app: Litestar) -> list[str]:
    found = set()
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if "GET" in handler.http_methods and not NOT_PAGES.search(route.path_format):
                found.add(route.path_format)
    return sorted(found)


def patient(folder: Path) -> int:
    """Somebody of whom everything is known."""
    with closing(opened(folder)) as file:
        return file.execute(PATIENT).fetchone()[0]


def addresses(folder: Path, table: list[str]) -> list[str]:
    who = patient(folder)
    with closing(opened(folder)) as file:
        batches = [f"/manage/imports/{id}" for (id,) in file.execute("SELECT id FROM import_batches").fetchall()[1:]]
        lists = [f"/manage/rosters/{id}" for (id,) in file.execute("SELECT id FROM rosters").fetchall()]
        written = [f"/patients/{person}/encounters/{id}" for person, id in file.execute(WRITTEN).fetchall()]
        return [filled(file, path, who) for path in table] + written + batches + lists + [f"{lists[0]}/lines?pile={PILE}", f"{lists[0]}?change=3"] + EXTRA


def opened(folder: Path):
    return sqlite3.connect(f"file:{folder / 'clinic.db'}?mode=ro", uri=True)


def filled(file, path: str, patient: int) -> str:
    def value(place: re.Match) -> str:
        name = place[1]
        asked = next((sql for (start, of), sql in PLACES.items() if of == name and path.startswith(start)), None)
        assert asked, f"{path}: say in PLACES what {name} is"
        row = file.execute(asked, {"patient": patient} if ":patient" in asked else {}).fetchone()
        assert row and row[0] is not None, f"{path}: the demo has nothing for {name}"
        return str(row[0])

    return re.sub(r"\{(\w+)\}", value, path)
