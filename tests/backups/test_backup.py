"""A backup is what the clinic's file held in one moment, with everything beside it, or it is not called one."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.clinic import backups, patients
from app.clinic.backups import actions, making, proving, restoring, watching, working
from app.clinic.backups.making import outside
from app.core import chain, links, sealing
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Refusal
from app.core.files import Files
from app.core.places import FolderPlace
from app.core.sealing import Damaged, WrongKey
from app.core.sqlite import sqlite3
from tests.backups.conftest import quiet

NAME = "yihe-20261122-020000.yihe"
LATER = "yihe-20261123-020000.yihe"


def sealed_files(place: FolderPlace) -> list[Path]:
    return sorted(path for path in (place.folder / "files").rglob("*") if path.is_file())


def test_it_says_what_it_showed(made: backups.Proof, db: Database, files: Files, stick: FolderPlace) -> None:
    here = [path for path in files.folder.glob("??/*")]
    assert (made.name, made.files, made.read, made.pages, made.kept) == (NAME, len(here), len(here), 1, 1)
    assert made.tables == len(db.columns) and made.rows > 100 and made.size == stick.names()[NAME]


def test_nothing_readable_lies_on_the_stick(made: backups.Proof, stick: FolderPlace, files: Files) -> None:
    held = b"".join(path.read_bytes() for path in stick.folder.rglob("*") if path.is_file())
    assert "王秀英".encode() not in held and b"SQLite format" not in held and b"%PDF" not in held
    names = {path.name for path in stick.folder.rglob("*")}
    assert not names & {path.name for path in files.folder.glob("??/*")}


def test_the_scratch_is_clean_afterwards_and_what_a_killed_run_left_goes(made: backups.Proof, folder: Path, stick: FolderPlace) -> None:
    left = folder / "scratch" / "backup-killed"
    left.mkdir()
    (left / "clinic.db").write_bytes(b"somebody's data")
    backups.prove(folder, stick, backups.key(folder), NAME, quiet)
    assert [path.name for path in (folder / "scratch").iterdir()] == ["backup.lock"]


def test_each_file_is_put_there_once(made: backups.Proof, folder: Path, stick: FolderPlace) -> None:
    before = {path: path.stat().st_mtime_ns for path in sealed_files(stick)}
    proof = backups.whole(folder, stick, LATER, quiet)
    assert {path: path.stat().st_mtime_ns for path in sealed_files(stick)} == before and proof.files == made.files


def test_it_is_of_one_moment_while_others_write(db: Database, who: Callable[[str], Actor], folder: Path, stick: FolderPlace) -> None:
    """Every person is registered with their event: in no copy is there one without the other, and no write waits for long."""
    stop = threading.Event()

    def write() -> None:
        for n in iter(lambda: 0 if stop.is_set() else 1, 0):
            patients.register(db, who("desk"), patients.NewPatient(f"张三{n}", "male"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for day in (20, 21, 22):
            backups.whole(folder, stick, f"yihe-202611{day}-020000.yihe", quiet)
    finally:
        stop.set()
        writer.join()
    counts = []
    for name in sorted(stick.names()):
        target = folder.parent / name
        backups.restore(target, stick, backups.key(folder), name, known(), quiet)
        with closing(sqlite3.connect(target / "clinic.db")) as copy:
            people, events = (copy.execute(f"SELECT count(*) FROM {of}").fetchone()[0] for of in ("patients", "events WHERE kind = 'patient.registered'"))
        assert people == events
        counts.append(people)
    assert counts[-1] > 0


def known() -> list[str]:
    from app.core import migrations

    return [path.stem for path in migrations.FOLDER.glob("[0-9]*.sql")]


# ── what is not as it should be ──

class Rotting(FolderPlace):
    """A stick that changes a bit of what is put there; `which` says of what."""

    which = ".yihe"
    times = 100

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        if self.which not in name or self.times == 0:
            return super().put(name, pieces)
        self.times -= 1
        content = bytearray(b"".join(pieces))
        content[len(content) // 2] ^= 1
        return super().put(name, [bytes(content)])


def rotting(stick: FolderPlace, which: str, times: int = 100) -> Rotting:
    place = Rotting(stick.folder)
    place.which, place.times = which, times
    return place


def test_one_that_came_back_changed_is_not_kept_and_the_others_are(made: backups.Proof, folder: Path, stick: FolderPlace) -> None:
    with pytest.raises(Damaged):
        backups.whole(folder, rotting(stick, ".yihe"), LATER, quiet)
    assert list(stick.names()) == [NAME]


def test_an_older_one_in_the_new_ones_place_is_noticed(made: backups.Proof, db: Database, who: Callable[[str], Actor], folder: Path, stick: FolderPlace) -> None:
    """It is sound and ours, and not what was put away."""

    class Stale(FolderPlace):
        def get(self, name: str) -> Iterator[bytes]:
            return super().get(NAME if name == LATER else name)

    patients.register(db, who("desk"), patients.NewPatient("李建国", "male"))
    with pytest.raises(backups.Unproved):
        backups.whole(folder, Stale(stick.folder), LATER, quiet)
    assert list(stick.names()) == [NAME]


def test_an_audit_that_was_worked_out_anew_does_not_fit_the_backup_before(made: backups.Proof, db: Database, folder: Path, stick: FolderPlace) -> None:
    """Whoever changes an event and all that follows from it, the note of its end too, has not changed what lies in the place."""
    assert backups.whole(folder, stick, "yihe-20261122-030000.yihe", quiet).parted == ""
    for (name,) in db.writer.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('events', 'event_chain')").fetchall():
        db.writer.execute(f"DROP TRIGGER {name}")
    db.writer.execute("UPDATE events SET actor_id = NULL WHERE kind = 'patient.registered'")
    db.writer.execute("DELETE FROM event_chain")
    links.add(db.writer, 1)
    chain.Witness(db).note([])
    assert chain.faults(db) == []
    proof = backups.whole(folder, stick, "yihe-20261122-100000.yihe", quiet)
    assert (proof.parted, proof.kept) == ("yihe-20261122-030000.yihe", 2), "an hour later it would have made way"
    assert backups.prove(folder, stick, backups.key(folder), proof.name, quiet).parted
    actions.note(db, 1, proof)
    assert [(one.code, one.level, one.for_whom) for one in watching.look(SimpleNamespace(db=db, folder=folder)) if one.code == "backup.parted"] == [("backup.parted", "red", "owner")]
    assert "030000" in db.value("SELECT details FROM events WHERE kind = 'backup.parted'")
    assert backups.whole(folder, stick, "yihe-20261124-020000.yihe", quiet).parted == ""


def test_a_file_that_came_back_changed_is_put_there_again_once(folder: Path, person: int, stick: FolderPlace) -> None:
    assert backups.whole(folder, rotting(stick, "files/", times=1), NAME, quiet).read >= 2
    backups.prove(folder, stick, backups.key(folder), NAME, quiet)
    for path in sealed_files(stick):
        path.unlink()
    with pytest.raises(Damaged):
        backups.whole(folder, rotting(stick, "files/"), LATER, quiet)


def test_lost_and_shortened_files_of_the_place_are_put_there_again(made: backups.Proof, folder: Path, stick: FolderPlace) -> None:
    gone, short = sealed_files(stick)[:2]
    gone.unlink()
    short.write_bytes(short.read_bytes()[:-1])
    with pytest.raises(backups.Unproved):
        backups.prove(folder, stick, backups.key(folder), NAME, quiet)
    assert backups.whole(folder, stick, LATER, quiet).files == made.files
    backups.prove(folder, stick, backups.key(folder), LATER, quiet)


def test_a_rotten_file_of_ours_never_takes_a_sound_ones_place(made: backups.Proof, folder: Path, stick: FolderPlace, files: Files) -> None:
    rotten = sorted(files.folder.glob("??/*"))[0]
    there = stick.folder / outside(backups.key(folder), rotten.name)
    content = rotten.read_bytes()
    rotten.write_bytes(bytes(len(content)))
    backups.whole(folder, stick, LATER, quiet)
    there.unlink()
    with pytest.raises(backups.Unproved, match=rotten.name[:12]):
        backups.whole(folder, stick, LATER, quiet)
    assert not there.exists()


@pytest.mark.parametrize("change", ["INSERT INTO settings (name, value) VALUES ('x', '1')", "UPDATE patients SET name = name || '!'", "DROP A TRIGGER"], ids=["a row", "a word", "a trigger"])
def test_a_copy_that_differs_from_the_clinic_is_noticed(
    folder: Path, person: int, stick: FolderPlace, monkeypatch: pytest.MonkeyPatch, change: str,
) -> None:
    snapshot = making.snapshot

    def altered(live: Path, copy: Path, told: Callable) -> tuple:
        said = snapshot(live, copy, told)
        with closing(sqlite3.connect(copy, isolation_level=None)) as changing:
            if change.startswith("DROP"):
                trigger = changing.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").fetchone()[0]
                changing.execute(f"DROP TRIGGER {trigger}")
            else:
                changing.execute(change)
        return said

    monkeypatch.setattr(making, "snapshot", altered)
    with pytest.raises(backups.Unproved):
        backups.whole(folder, stick, NAME, quiet)
    assert stick.names() == {}


def test_a_report_that_cannot_be_opened_is_noticed(made: backups.Proof, folder: Path, stick: FolderPlace, files: Files, db: Database) -> None:
    with db.aside():
        other = db.value("SELECT file FROM attachments LIMIT 1")
        db.execute("UPDATE reports SET file = :file", file=other)
    with pytest.raises(backups.Unproved, match="report"):
        backups.whole(folder, stick, LATER, quiet)


def test_a_copy_of_a_damaged_clinic_is_kept_and_not_called_proved(
    made: backups.Proof, folder: Path, stick: FolderPlace, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was entered since the damage is nowhere else; the sound one before it stays too."""
    monkeypatch.setattr(proving, "sound", lambda _connection: False)
    with pytest.raises(backups.Unproved, match="damaged"):
        backups.whole(folder, stick, LATER, quiet)
    assert sorted(stick.names()) == [NAME, LATER]


def test_corrupt_pages_of_the_clinics_own_file_are_said(made: backups.Proof, tmp_path: Path, stick: FolderPlace, db: Database) -> None:
    folder = tmp_path / "ill"
    folder.mkdir()
    db.copy_to(folder / "clinic.db")
    with (folder / "clinic.db").open("r+b") as file:
        for page in range(3, 60):  # page 1 is the schema's
            file.seek(page * 4096)
            file.write(b"\x07" * 200)
    with pytest.raises(backups.Unproved, match="own file"):
        backups.whole(folder, stick, LATER, quiet)
    assert NAME in stick.names() and not [*(folder / "scratch").glob("backup-*")]


def test_two_at_once_and_a_full_disk_are_refused(made: backups.Proof, folder: Path, stick: FolderPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    with working.working(folder), pytest.raises(Refusal, match="Another backup"):
        backups.whole(folder, stick, LATER, quiet)
    monkeypatch.setattr(working, "SPARE", 2**60)
    with pytest.raises(Refusal, match="no room"):
        backups.whole(folder, stick, LATER, quiet)


# ── what is refused when it is restored ──

def untouched(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


HARMS = ("changed", "cut", "longer", "swapped", "empty", "file changed", "file cut", "file gone", "file swapped")


def harmed(harm: str, content: bytes, file: bytes, other: bytes) -> tuple[bytes, bytes | None]:
    """What stands in the place of a backup and of a file beside it then."""
    middle = len(content) // 2
    return {
        "changed": (content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :], file), "cut": (content[:-100], file),
        "longer": (content + b"x", file), "swapped": (other, file), "empty": (b"", file), "file changed": (content, file[:-1] + bytes([file[-1] ^ 1])),
        "file cut": (content, file[:-1]), "file gone": (content, None), "file swapped": (content, other),
    }[harm]  # fmt: skip


def test_what_was_tampered_with_is_refused_and_nothing_changes(made: backups.Proof, folder: Path, stick: FolderPlace, tmp_path: Path) -> None:
    path, (one, two) = stick.folder / NAME, sealed_files(stick)[:2]
    content, file, before = path.read_bytes(), one.read_bytes(), untouched(folder)
    for harm in HARMS:
        changed, beside = harmed(harm, content, file, two.read_bytes())
        path.write_bytes(changed)
        one.write_bytes(beside) if beside is not None else one.unlink()
        target = tmp_path / harm
        with pytest.raises(Refusal) as refused:
            backups.restore(target, stick, backups.key(folder), NAME, known(), quiet)
        assert isinstance(refused.value, Damaged | backups.Unproved), harm
        assert not (target / "clinic.db").exists() and not restoring.broken_off(target), harm
        one.write_bytes(file)
    assert untouched(folder) == before
    path.write_bytes(content)
    backups.restore(tmp_path / "sound", stick, backups.key(folder), NAME, known(), quiet)


def test_another_clinics_key_and_a_newer_yihes_backup_are_refused(made: backups.Proof, folder: Path, stick: FolderPlace, tmp_path: Path) -> None:
    with pytest.raises(WrongKey):
        backups.restore(tmp_path / "empty", stick, bytes(32), NAME, known(), quiet)
    with pytest.raises(Refusal, match="newer Yihe"):
        backups.restore(tmp_path / "empty", stick, backups.key(folder), NAME, known()[:-1], quiet)


def test_names_in_a_backup_lead_nowhere(folder: Path, stick: FolderPlace, tmp_path: Path) -> None:
    """Only who has the key could write one; even so."""
    from app.clinic.backups import packing

    file = tmp_path / "file"
    file.write_bytes(b"x")
    key = backups.key(folder)
    for keys in ({"../../out": b"x"}, {"/etc/out": b"x"}, {"..": b"x"}):
        manifest = backups.Manifest("", [], {}, {}, list(keys))
        stick.put(NAME, sealing.seal(key, packing.pack(manifest, file, keys)))
        with pytest.raises(Damaged):
            packing.unpack(sealing.unseal(key, stick.get(NAME)), tmp_path / "in" / "restored")
    assert not list(tmp_path.rglob("out*"))
