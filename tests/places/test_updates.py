"""New code on an old file: a copy first, all of the update or nothing, and a way back."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest

from app.clinic import staff
from app.commands import folder as data_folder
from app.commands import restore
from app.commands.environment import ROOT, Unready
from app.core import migrations, snapshots
from app.core.db import Database
from app.main import open_clinic


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a Yihe to come: one that works, then one that does not."""
    target = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, target)
    (target / "901_works.sql").write_text("CREATE TABLE works (id INTEGER PRIMARY KEY) STRICT;\nUPDATE staff SET name = 'changed';\n")
    return target


@pytest.fixture
def db(folder: Path) -> Database:
    """Closed by the test, which starts another Yihe on it."""
    return open_clinic(folder)


def broken(newer: Path, sql: str) -> Path:
    (newer / "902_broken.sql").write_text(sql)
    return newer


def everything(db: Database) -> list:
    """The schema and every row."""
    return [db.writer.execute(f"SELECT * FROM {table}").fetchall() for table in ("sqlite_schema", *db.columns)]


@pytest.mark.parametrize(("sql", "why"), [
    ("CREATE TABLE more (id INTEGER);\nALTER TABLE nowhere ADD COLUMN x;\n", "no such table: nowhere"),
    ("DROP TABLE works;\nCREATE TABLE half (\n", "unfinished statement"),
    # only the end of the whole finds this one
    ("CREATE TABLE child (id INTEGER, parent INTEGER REFERENCES works (id) DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO child VALUES (1, 5);\n",
     "FOREIGN KEY constraint failed"),
])
def test_an_update_that_fails_leaves_the_file_as_it_was(db, newer, sql, why):
    before = everything(db)
    with pytest.raises(Unready, match="Nothing was changed") as refused, data_folder.opening():
        migrations.migrate(db, broken(newer, sql))
    copy = db.path.parent / "snapshots" / "before-901_works.db"
    assert "902_broken" in str(refused.value) and why in str(refused.value) and str(copy) in str(refused.value)
    assert everything(db) == before
    db.close()
    former = open_clinic(db.path.parent)  # the former Yihe does not mind
    assert staff.everyone(former) and not migrations.unknown(former)
    former.close()


KILLED = """
import os, sys; from pathlib import Path; from app.core import migrations; from app.core.db import Database
db = Database(Path(sys.argv[1])); db.writer.execute("PRAGMA cache_size = 10")  # much of it is in the log by then
db.writer.create_function("cut", 0, lambda: os.kill(os.getpid(), 9)); migrations.migrate(db, Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name != "posix", reason="ended as kill -9 does")
def test_killed_in_the_middle_of_an_update_the_former_yihe_works_on(db, newer, who):
    """And the update is made as a whole at its next start."""
    rows = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 50000) SELECT id FROM n"
    (newer / "902_long.sql").write_text(f"INSERT INTO works {rows};\nUPDATE staff SET name = 'half';\nSELECT cut();\n")
    before, log = everything(db), db.path.with_name("clinic.db-wal")
    db.close()
    done = subprocess.run([sys.executable, "-c", KILLED, db.path, newer], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL and log.stat().st_size > 100_000, done.stderr
    former = open_clinic(db.path.parent)
    assert everything(former) == before and not migrations.unknown(former)
    staff.change_language(former, who("nurse"), "en")
    assert former.value("PRAGMA integrity_check") == "ok"
    (newer / "902_long.sql").write_text("INSERT INTO works VALUES (1);\n")
    migrations.migrate(former, newer)
    assert former.value("SELECT count(*) FROM works") == 1
    former.close()


def test_a_copy_from_before_is_kept_and_is_the_way_back(db, newer, capsys):
    data, name = db.path.parent, staff.everyone(db)[0].name
    migrations.migrate(db, newer)
    assert staff.everyone(db)[0].name == "changed" and "works" in db.columns
    copy = data / "snapshots" / "before-901_works.db"
    assert copy.stat().st_mode & 0o777 == 0o600 and copy.parent.stat().st_mode & 0o777 == 0o700
    db.close()
    with pytest.raises(Unready, match="written by a newer Yihe .901_works.*before-901_works.db"), data_folder.opening():
        open_clinic(data)

    back = Namespace(data=data, file=str(copy), from_replica=None, at=None)
    assert restore.run(back) == 0
    former = open_clinic(data)
    assert staff.everyone(former)[0].name == name
    former.close()
    kept, = data.glob("before-restore-*/clinic.db")
    assert str(kept.parent) in capsys.readouterr().out
    with closing(sqlite3.connect(kept)) as aside:
        assert aside.execute("SELECT count(*) FROM works").fetchone() == (0,)

    before = (data / "clinic.db").read_bytes()
    for wrong in (kept, data / "files.db"):  # of the newer Yihe; none at all
        with pytest.raises(Unready):
            restore.run(Namespace(data=data, file=str(wrong), from_replica=None, at=None))
    kept.write_bytes(b"not a database" * 1000)
    with pytest.raises(Unready, match="Nothing was changed"):
        restore.run(Namespace(data=data, file=str(kept), from_replica=None, at=None))
    assert (data / "clinic.db").read_bytes() == before and not list(data.glob("clinic.db.part*"))


def test_no_copy_no_update(db, newer):
    (db.path.parent / "snapshots").write_text("in the way")
    with pytest.raises(migrations.Failed, match="no copy could be made"):
        migrations.migrate(db, newer)
    assert "works" not in db.columns and migrations.pending(db, newer) == ["901_works"]
    db.close()


def test_three_copies_are_kept_and_a_new_clinic_has_none(db, newer, tmp_path):
    for number in range(910, 914):
        (newer / f"{number}_more.sql").write_text(f"CREATE TABLE more{number} (id INTEGER);\n")
        migrations.migrate(db, newer)
    db.close()
    kept = db.path.parent / "snapshots"
    assert sorted(path.name for path in kept.iterdir()) == [f"before-{number}_more.db" for number in (911, 912, 913)]
    with sqlite3.connect(f"file:{kept / 'before-912_more.db'}?mode=ro", uri=True) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {name for name, in copy.execute("SELECT name FROM sqlite_master")}
    copy.close()
    assert "more911" in tables and "more912" not in tables

    with data_folder.held(tmp_path / "fresh"):
        fresh = Database(tmp_path / "fresh" / "clinic.db")
        migrations.migrate(fresh)
        fresh.close()
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o700  # the file itself is read by whoever may enter
    assert not (tmp_path / "fresh" / snapshots.FOLDER).exists()
