"""Results from outside: files of examination centres and laboratories.

A file is read, its columns recognised and confirmed, the whole import rehearsed on a copy, then filed
in chunks as one batch that can be taken back. Whose a line is, is known by numbers only. Every value
that arrives ends filed, recognised as filed before, refused by a person, or in the tray, which says
why it stopped and what can be done; the counts always add up.
"""

from app.clinic.exams.batches import Choice, begin, drop, expect, settle_columns, stop, undo, upload
from app.clinic.exams.cells import date_orders, read_age, read_day, read_sex
from app.clinic.exams.columns import key_of, understand
from app.clinic.exams.importing import import_file
from app.clinic.exams.queries import batch, batches, findings_of, piles, senders, slip, totals, waiting, waiting_values
from app.clinic.exams.reasons import REASONS
from app.clinic.exams.rehearsing import rehearse
from app.clinic.exams.running import HOLD, LEASE, Lost, Pace, Told, abandon, chunked, claim, file, heartbeat, release
from app.clinic.exams.shapes import DOUBTS, MEANINGS, ORDERS, Batch, Column, Pile, Rehearsal, Sender, Slip
from app.clinic.exams.tables import LARGEST_FILE, Table, open_table
from app.clinic.exams.tray import candidates, compared, create, create_all, dismiss, dismiss_pile, give, map_column, retry, said
from app.clinic.exams.undoing import take_back
from app.clinic.exams.workbooks import sheets

__all__ = [
    "DOUBTS", "HOLD", "LARGEST_FILE", "LEASE", "MEANINGS", "Lost", "ORDERS", "Batch", "Choice", "Column", "Pace", "Pile", "Rehearsal", "Sender", "Slip",
    "Table", "Told",
    "REASONS", "abandon", "batch", "batches", "begin", "candidates", "chunked", "claim", "compared", "create", "create_all", "date_orders", "dismiss", "dismiss_pile", "drop",
    "expect", "file", "findings_of", "give", "heartbeat", "import_file", "key_of", "map_column", "open_table", "piles", "read_age", "read_day",
    "read_sex", "rehearse", "release", "retry", "said", "senders",
    "settle_columns", "sheets", "slip", "stop", "take_back", "totals", "understand", "undo", "upload", "waiting",
    "waiting_values",
]  # fmt: skip
