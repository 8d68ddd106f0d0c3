"""What goes on behind the pages while their tail is measured."""

import csv
import random
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.clinic import backups, box, staff, tags
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database
from bench.client import Tablet

REPORTS, LINES = 4, 4000


def rule_statements(db: Database) -> list[tuple[str, dict[str, Any]]]:
    """Each switched-on rule's own SELECT over everybody, with today's parameters."""
    from app.clinic.tags.queries import statement_of

    statements = [statement_of(rule.criterion) for rule in tags.rules(db) if rule.is_on]
    return [(one.text("all"), one.bound(clock.today())) for one in statements]


def kinds(house: subprocess.Popen, tablet: Tablet, people: list[int], scratch: Path) -> dict[str, Callable[[], None]]:
    """Name → what to do meanwhile; each returns when it is over."""
    file = results_file(scratch)
    return {
        "reports are made": lambda: reports(house, tablet, people[:REPORTS]),
        "all rules run": lambda: tell(house, "rules", 3),
        f"an import of {LINES} people commits": lambda: tell(house, f"imports {file}", 1),
    }


def tell(house: subprocess.Popen, word: str, times: int) -> None:
    for _ in range(times):
        house.stdin.write(word + "\n")
        house.stdin.flush()
        while not house.stdout.readline().startswith("done"):
            pass


def reports(house: subprocess.Popen, tablet: Tablet, people: list[int]) -> None:
    """Wanted together, so the house is busy making them; over when the last is there."""
    for patient in people:
        tablet.post(f"/patients/{patient}/reports", {"language": "zh", "token": secrets.token_urlsafe(12)})
    tell(house, "drawn", 1)


def results_file(folder: Path) -> Path:
    """Invented results of people nobody knows yet; old ones, which make a recall list and fill nobody's day."""
    taken = (date.today() - timedelta(days=400)).isoformat()
    path, chance = folder / "results.csv", random.Random(3)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["编号", "性别", "年龄", "体检日期", "收缩压", "舒张压", "空腹血糖", "总胆固醇", "甘油三酯", "肌酐"])
        for n in range(LINES):
            rows.writerow([
                f"B{n:06d}", chance.choice("男女"), chance.randrange(20, 90), taken,
                chance.randrange(100, 170), chance.randrange(60, 100), round(chance.uniform(4, 9), 1),
                round(chance.uniform(3, 7), 2), round(chance.uniform(0.5, 3), 2), chance.randrange(45, 110),
            ])
    return path


def everything(house: subprocess.Popen, tablet: Tablet, people: list[int], scratch: Path, place: Path) -> None:
    """Reports, a night's run, a backup and an import side by side; over when the last of them is."""
    for patient in people:
        tablet.post(f"/patients/{patient}/reports", {"language": "zh", "token": secrets.token_urlsafe(12)})
    tell(house, f"night {place} {results_file(scratch)}", 1)


# ── in the server ──


def night(state: Any, rest: str) -> None:
    """The folder for the backup, and the file to take in."""
    place, _, file = rest.partition(" ")
    side_by_side = [
        threading.Thread(target=work, args=(state, about))
        for work, about in ((rules, ""), (looked_over, ""), (backed_up, place), (imports, file), (drawn, ""))
    ]
    for one in side_by_side:
        one.start()
    for one in side_by_side:
        one.join()


def looked_over(state: Any, _rest: str) -> None:
    box.check(state.db)


def backed_up(state: Any, place: str) -> None:
    """By the house's own task, once it is wanted."""
    owner = next(one for one in staff.everyone(state.db) if one.role == Role.OWNER)
    id = backups.add_folder(state.db, Actor(owner.id, owner.name, Role.OWNER, "zh"), state.folder, place)
    while backups.last_proved(state.db, id) is None:
        if backups.open_run(state.db, id) is None:
            raise RuntimeError("the backup failed; its tail would measure nothing")
        time.sleep(0.05)

UNFINISHED = "SELECT count(*) FROM reports WHERE made_event_id IS NULL AND failed_event_id IS NULL"


def drawn(state: Any, _rest: str) -> None:
    while state.db.value(UNFINISHED):
        time.sleep(0.02)


def rules(state: Any, _rest: str) -> None:
    tags.reevaluate(state.db)


def imports(state: Any, file: str) -> None:
    """As the house's own task files a batch: in chunks that hold the writer for about 35 ms."""
    from app.clinic.exams import importing, queries, running

    db, files = state.db, state.files
    batch = queries.batch(db, importing.upload(db, None, files, "results.csv", Path(file).read_bytes(), secrets.token_hex(4)))
    batch = importing._settle(db, None, batch, True, None, "ymd")
    claim = running.take(db, batch.id, "filing")
    running.file(db, files, queries.batch(db, batch.id), claim, running.HOLD, None)
    if queries.batch(db, batch.id).state != "done":
        raise RuntimeError("the import ended before it was filed; its tail would measure nothing")
