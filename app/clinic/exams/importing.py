"""A file in one go, for the command line: read, settled as recognised, filed or only rehearsed."""

from datetime import date

import msgspec

from app.clinic.exams import queries
from app.clinic.exams.batches import remember, upload
from app.clinic.exams.rehearsing import rehearsal
from app.clinic.exams.running import Told, file, take
from app.clinic.exams.shapes import Batch, Rehearsal
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.files import Files
from app.core.words import N_

CHUNK = 0.3  # seconds: nobody else is at the file


def import_file(
    db: Database, actor: Actor | None, files: Files, name: str, content: bytes, *, sender: str = "",
    create_patients: bool = False, work_from: date | None = None, day_order: str = "", dry_run: bool = False,
    told: Told | None = None,
) -> tuple[Batch, Rehearsal | None]:
    """The batch as it ended; with dry_run the rehearsal, and nothing is filed. Raises Refusal with one sentence."""
    batch_id = upload(db, actor, files, name, content, sender)
    batch = _settle(db, actor, queries.batch(db, batch_id), create_patients, work_from, day_order)
    if dry_run:
        found = rehearsal(db, files, batch_id, told=told)
        with db.change(actor, "import.dropped") as details:
            details["file"] = name
            db.update("import_batches", batch_id, {"state": "dropped"})
        return batch, found
    claim = take(db, batch_id, "filing")
    file(db, files, queries.batch(db, batch_id), claim, CHUNK, told)
    batch = queries.batch(db, batch_id)
    if batch.problem:
        raise Refusal(batch.problem)
    return batch, None


def _settle(db: Database, actor, batch: Batch, create_patients: bool, work_from: date | None, day_order: str) -> Batch:
    columns = [
        msgspec.structs.replace(column, order=day_order, doubt=None) if column.order == "ask" and day_order else column
        for column in batch.all_columns
    ]
    with db.change(actor, "import.mapped") as details:
        details["file"] = batch.file_name
        if any(column.order == "ask" for column in columns):
            raise Refusal(N_("No day in this file is above 12: say --dates dmy or --dates mdy."))
        if not any(column.meaning == "date" for column in columns):
            raise Refusal(N_("No column of this file is recognised as the day of the examination."))
        remember(db, batch.sender_id, columns, details.event_id)
        db.update("import_batches", batch.id, {
            "columns": msgspec.json.encode(columns).decode(), "create_patients": int(create_patients),
            "work_from": work_from.isoformat() if work_from else None,
        })
    return queries.batch(db, batch.id)
