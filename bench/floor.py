"""The floor: a minimal Litestar page that looks the session up, runs the same SQL and prints the rows bare.

    python -m bench.floor FOLDER PORT STATEMENTS.json

STATEMENTS.json: {"pages": {name: [[sql, …], …]}}; a request to /NAME/N runs the N-th list of statements.
A write is a bare durable transaction of the rows that recording a blood pressure leaves behind.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock

import uvicorn
from jinja2 import Environment
from litestar import Litestar, Request, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Response

from app.core.sqlite import sqlite3
from app.routes.web import COOKIE

SESSION = "SELECT staff_id FROM sessions WHERE token_hash = ? AND ended_event_id IS NULL"
TABLE = """<!doctype html><title>floor</title>
{% for rows in tables %}<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endfor %}"""
REPORT = "INSERT INTO diagnostic_reports (patient_id, taken_at, source, token, event_id) VALUES (?, ?, 'staff', ?, ?)"
OBSERVATION = """
INSERT INTO observations (patient_id, code, taken_at, value, unit, level, report_id, event_id)
VALUES (?, ?, ?, ?, 'mmHg', 'normal', ?, ?)
"""
EVENT = """
INSERT INTO events (at, actor_id, kind, patient_id, details)
VALUES ('2026-01-01T00:00:00.000Z', ?, 'observation.recorded', ?, '{"values":[["SBP","122 mmHg"],["DBP","78 mmHg"]],"abnormal":[]}')
"""
PRAGMAS = "PRAGMA synchronous = full; PRAGMA foreign_keys = on; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = on;"


def main(folder: str, port: str, statements: str) -> None:
    pages = json.loads(Path(statements).read_text())["pages"]
    path = Path(folder).absolute() / "clinic.db"
    reader = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.executescript(PRAGMAS)
    table, turn = Environment(autoescape=True).from_string(TABLE), Lock()

    async def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
        token = sha256(connection.cookies.get(COOKIE, "").encode()).digest()
        if not reader.execute(SESSION, (token,)).fetchall():
            raise NotAuthorizedException()

    @get("/{name:str}/{n:int}", sync_to_thread=False)
    def show(name: FromPath[str], n: FromPath[int]) -> Response:
        tables = [reader.execute(sql).fetchall() for sql in pages[name][n]]
        return Response(table.render(tables=tables), media_type="text/html")

    @post("/record/{patient:int}", sync_to_thread=True)
    def record(request: Request, patient: FromPath[int]) -> Redirect:
        with turn:
            writer.execute("BEGIN IMMEDIATE")
            event = writer.execute(EVENT, (1, patient)).lastrowid
            report = writer.execute(REPORT, (patient, "2026-01-01T08:00", token_hex(8), event)).lastrowid
            for code, value in (("SBP", 122.0), ("DBP", 78.0)):
                writer.execute(OBSERVATION, (patient, code, "2026-01-01T08:00", value, report, event))
            writer.execute("COMMIT")
        return Redirect("/", status_code=303)

    app = Litestar([show, record], guards=[guard], openapi_config=None, logging_config=None)
    uvicorn.run(app, port=int(port), http="h11", loop="asyncio", ws="none", access_log=False, log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
