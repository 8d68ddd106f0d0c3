"""Health reports: what is known about a person, frozen, drawn as a PDF in their language, handed out.

`want` puts everything the report will say into its row, so yesterday's report never changes. `make_one`
draws it in a process of its own under a lease: a crash loses nothing and doubles nothing. The file is
kept by its content's hash. Who handed which report out is written down. The rule of the three lights
stands in rules.py.
"""

from app.clinic.reports.actions import free, make_one, note_print, retry, want
from app.clinic.reports.paper import Paper
from app.clinic.reports.queries import content, get, of_patient, prints, recent, waiting
from app.clinic.reports.shapes import Content, NewReport, Printed, Recent, Report

__all__ = [
    "Content", "NewReport", "Paper", "Printed", "Recent", "Report", "content", "free", "get", "make_one", "note_print",
    "of_patient", "prints", "recent", "retry", "waiting", "want",
]  # fmt: skip
