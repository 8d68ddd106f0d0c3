"""Every page of the route table as an address that shows something, filled in from the clinic's file."""

import re
from pathlib import Path

from litestar import Litestar

from app.core.sqlite import sqlite3
from app.main import create_app

PATIENT = """SELECT patient_id FROM observations o WHERE retired_event_id IS NULL
             AND EXISTS (SELECT 1 FROM findings f WHERE f.patient_id = o.patient_id)
             AND EXISTS (SELECT 1 FROM conditions c WHERE c.patient_id = o.patient_id AND c.retired_event_id IS NULL)
             AND EXISTS (SELECT 1 FROM cards c WHERE c.patient_id = o.patient_id)
             GROUP BY patient_id ORDER BY count(*) DESC LIMIT 1"""
PLACES = {
    ("", "patient_id"): PATIENT,
    ("/manage/staff", "staff_id"): "SELECT max(id) FROM staff",
    ("/recalls", "list_id"): "SELECT max(id) FROM recall_lists",
    ("/patients", "code"): "SELECT code FROM observations WHERE patient_id = :patient AND code = 'SBP'",
    ("/manage/indicators", "code"): "SELECT 'LDL'",
    ("/patients", "report_id"): "SELECT max(id) FROM diagnostic_reports WHERE patient_id = :patient",
    ("/patients", "id"): "SELECT max(id) FROM observations WHERE patient_id = :patient AND retired_event_id IS NULL AND code = 'SBP'",
    ("/patients", "card_id"): "SELECT max(id) FROM cards WHERE patient_id = :patient",
    ("/manage/card-types", "type_id"): "SELECT min(id) FROM card_types",
    ("/patients", "section_id"): "SELECT 'conditions'",
    ("/patients", "entry_id"): "SELECT max(id) FROM conditions WHERE patient_id = :patient AND retired_event_id IS NULL",
}
NOT_PAGES = re.compile(r"^/static|^/logo|\.pdf$|\.svg$|^/$|^/sign-in$|^/setup$")
EXTRA = ["/search?q=王", "/search?q=zzzz", "/today?of=clinic&due=all", "/patients?doctor=0", "/manage/audit?before=50", "/nowhere"]


def paths(app: Litestar) -> list[str]:
    found = set()
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if "GET" in handler.http_methods and not NOT_PAGES.search(route.path_format):
                found.add(route.path_format)
    return sorted(found)


def addresses(folder: Path) -> list[str]:
    """Read while nobody serves the folder."""
    app = create_app(folder, tasks=False)
    table = paths(app)
    app.state.db.close()
    file = sqlite3.connect(folder / "clinic.db")
    try:
        patient = file.execute(PATIENT).fetchone()[0]
        return [one for path in table if (one := filled(file, path, patient))] + EXTRA
    finally:
        file.close()


def filled(file, path: str, patient: int) -> str:
    def value(place: re.Match) -> str:
        name = place[1]
        asked = next((sql for (start, of), sql in PLACES.items() if of == name and path.startswith(start)), None)
        assert asked, f"{path}: say in PLACES what {name} is"
        row = file.execute(asked, {"patient": patient} if ":patient" in asked else {}).fetchone()
        if not row or row[0] is None: return "none"
        return str(row[0])

    return re.sub(r"\{(\w+)\}", value, path)
