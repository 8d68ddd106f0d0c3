"""From asked for to taken: once, whatever ends in between."""

import io
import json
import zipfile
from datetime import date, timedelta

import pypdf
import pytest
from fhirclient.models.bundle import Bundle

from app.clinic import attachments, dossiers, patients, records
from app.clinic.dossiers import actions, archive
from app.clinic.dossiers.paper import sections
from app.core import clock, pdf
from app.core.errors import NotFound
from app.core.words import speaking
from tests.attachments.conftest import picture
from tests.conftest import NOW


@pytest.fixture
def wang(db, who, files) -> int:
    id = patients.register(db, who("desk"), patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    records.record(db, who("doctor"), id, records.section("conditions"), records.NewCondition("高血压"))
    with files.incoming() as arriving:
        arriving.write(picture())
        attachments.add(db, who("doctor"), files, id, attachments.NewAttachment("心电图"), arriving)
    return id


def kinds(db) -> list[str]:
    return db.all(str, "SELECT kind FROM events WHERE kind LIKE 'dossier.%' ORDER BY id")


def quick(monkeypatch) -> None:
    blank = pypdf.PdfWriter()
    blank.add_blank_page(100, 100)
    out = io.BytesIO()
    blank.write(out)
    monkeypatch.setattr(archive.pdf, "draw", lambda _html: pdf.Pdf(out.getvalue(), ()))


class Killed(BaseException):
    """Stands for the power cut: nothing of ours may catch it."""


def test_it_is_made_and_holds_all_three(db, who, files, wang) -> None:
    id = dossiers.want(db, who("owner"), wang, "zh")
    assert dossiers.waiting(db) == [id] and dossiers.make_one(db, files, id) and dossiers.waiting(db) == []
    [one] = dossiers.dossiers(db, who("owner"), wang)
    content = files.read(one.file)
    assert one.size == len(content) and kinds(db) == ["dossier.wanted", "dossier.made"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        told = json.loads(packed.read("person.json"))
        Bundle(told, strict=True)
        [photo] = [name for name in packed.namelist() if name.startswith("files/")]
        assert photo in json.dumps(told) and packed.read(photo) == files.read(photo[6:70])
        paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(packed.read("person.pdf"))).pages)
    assert "王秀英" in paper and "高血压" in paper and "心电图" in paper


def test_the_paper_names_every_section(db, who, person) -> None:
    with speaking("en"):
        titles = [title for title, _lines in sections(dossiers.everything(db, who("owner"), patients.get(db, person)))]
        missing = [_ for _ in (section.title for section in records.SECTIONS.values()) if _ not in titles]
    assert not missing
    assert set(titles) >= {"Who this is", "How to reach them", "Cards", "Results", "Findings", "Tags", "Work", "Contacts", "Everything that happened",
                           "Health reports and attachments", "Who looked", "What is really taken"}


def test_the_same_token_again_asks_for_nothing(db, who, wang) -> None:
    assert dossiers.want(db, who("owner"), wang, "zh", "once") == dossiers.want(db, who("owner"), wang, "zh", "once")
    assert kinds(db) == ["dossier.wanted"]


def test_a_crash_in_between_loses_nothing(db, who, files, wang, monkeypatch) -> None:
    def cut(*_args):
        raise Killed

    monkeypatch.setattr(actions, "archive", cut)
    id = dossiers.want(db, who("owner"), wang, "zh")
    with pytest.raises(Killed):
        dossiers.make_one(db, files, id)
    assert dossiers.waiting(db) == [] and dossiers.make_one(db, files, id) is False
    monkeypatch.setattr(actions, "archive", archive.archive)
    quick(monkeypatch)
    with clock.stop(NOW + actions.LEASE + timedelta(seconds=1)):
        assert dossiers.waiting(db) == [id] and dossiers.make_one(db, files, id)
    assert kinds(db) == ["dossier.wanted", "dossier.made"]


def test_after_a_crash_the_next_start_makes_it_at_once(db, who, files, wang, monkeypatch) -> None:
    def cut(*_args):
        raise Killed

    monkeypatch.setattr(actions, "archive", cut)
    id = dossiers.want(db, who("owner"), wang, "zh")
    with pytest.raises(Killed):
        dossiers.make_one(db, files, id)
    dossiers.free(db)
    assert dossiers.waiting(db) == [id]


def test_what_kills_every_time_is_given_up(db, who, files, wang, monkeypatch) -> None:
    def cut(*_args):
        raise Killed

    monkeypatch.setattr(actions, "archive", cut)
    id = dossiers.want(db, who("owner"), wang, "zh")
    for n in range(actions.MOST_TRIES):
        with clock.stop(NOW + actions.LEASE * 2 * n), pytest.raises(Killed):
            dossiers.make_one(db, files, id)
    with clock.stop(NOW + actions.LEASE * 2 * n + timedelta(minutes=1)):
        assert dossiers.make_one(db, files, id) is False and kinds(db) == ["dossier.wanted"]  # the third is perhaps still at it
    with clock.stop(NOW + actions.LEASE * 20):
        assert dossiers.make_one(db, files, id) is False
        assert kinds(db) == ["dossier.wanted", "dossier.failed"] and dossiers.waiting(db) == []


def test_who_comes_back_too_late_writes_nothing(db, who, files, wang, monkeypatch) -> None:
    quick(monkeypatch)
    id = dossiers.want(db, who("owner"), wang, "zh")

    def overtaken(*args):
        monkeypatch.setattr(actions, "archive", archive.archive)
        with clock.stop(NOW + actions.LEASE * 2):
            assert dossiers.make_one(db, files, id)
        return "f" * 64, 1

    monkeypatch.setattr(actions, "archive", overtaken)
    assert dossiers.make_one(db, files, id) is False
    assert kinds(db) == ["dossier.wanted", "dossier.made"] and dossiers.dossiers(db, who("owner"), wang)[0].file != "f" * 64


def test_failed_is_said_and_can_be_asked_for_again(sign_in, monkeypatch) -> None:
    browser = sign_in("owner")
    db, files = browser.app.state.db, browser.app.state.files
    wang = patients.register(db, None, patients.NewPatient("王秀英", "female"))

    def broken(*_args):
        raise pdf.NotDrawn(["x"])

    monkeypatch.setattr(archive.pdf, "draw", broken)
    browser.post(f"/patients/{wang}/dossiers", data={"language": "zh", "token": "one"})
    [id] = dossiers.waiting(db)
    assert "正在生成" in browser.get(f"/patients/{wang}/rights").text
    assert dossiers.make_one(db, files, id) is False
    assert "未能生成" in browser.get(f"/patients/{wang}/rights").text
    quick(monkeypatch)
    browser.post(f"/patients/{wang}/dossiers", data={"language": "zh", "token": "two"})
    [id] = dossiers.waiting(db)
    assert dossiers.make_one(db, files, id)
    assert kinds(db) == ["dossier.wanted", "dossier.failed", "dossier.wanted", "dossier.made"]


def test_taken_is_written_down_before_it_leaves(sign_in, monkeypatch) -> None:
    browser = sign_in("owner")
    db, files = browser.app.state.db, browser.app.state.files
    wang = patients.register(db, None, patients.NewPatient("王秀英", "female"))
    quick(monkeypatch)
    browser.post(f"/patients/{wang}/dossiers", data={"language": "zh", "token": "one"})
    [id] = dossiers.waiting(db)
    take = f"/patients/{wang}/dossiers/{id}/copies"
    assert browser.post(take).status_code == 404 and "dossier.handed_out" not in kinds(db)
    dossiers.make_one(db, files, id)
    before, read = [], files.pieces
    monkeypatch.setattr(files, "pieces", lambda name: before.extend(kinds(db)) or read(name))
    answer = browser.post(take)
    assert answer.status_code in (200, 201) and answer.headers["content-type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert before[-1] == "dossier.handed_out" and kinds(db).count("dossier.handed_out") == 1
    assert "已取走 1 次" in browser.get(f"/patients/{wang}/rights").text


def test_one_with_sensitive_entries_is_only_for_who_may_see_them(db, who, files, wang, monkeypatch) -> None:
    quick(monkeypatch)
    records.record(db, who("doctor"), wang, records.section("conditions"), records.NewCondition("秘密", sensitive=True))
    whole, part = dossiers.want(db, who("doctor"), wang, "zh"), dossiers.want(db, who("manager"), wang, "zh")
    for id in (whole, part):
        assert dossiers.make_one(db, files, id)
    assert [one.id for one in dossiers.dossiers(db, who("manager"), wang)] == [part]
    with pytest.raises(NotFound):
        dossiers.hand_out(db, who("manager"), wang, whole)
    for id, there in ((whole, True), (part, False)):
        with zipfile.ZipFile(io.BytesIO(files.read(dossiers.hand_out(db, who("doctor"), wang, id).file))) as packed:
            assert ("秘密" in packed.read("person.json").decode()) is there


def test_a_restricted_person_gets_their_file(db, who, files, wang, monkeypatch) -> None:
    quick(monkeypatch)
    patients.restrict(db, who("owner"), wang, patients.NewRestriction("asked in writing", date(2026, 11, 22)))
    id = dossiers.want(db, who("owner"), wang, "en")
    assert dossiers.make_one(db, files, id) and dossiers.hand_out(db, who("owner"), wang, id).file


def test_who_lost_the_lease_writes_nothing(db, who, files, wang, monkeypatch) -> None:
    """Another one has it and is still at work."""
    id = dossiers.want(db, who("owner"), wang, "zh")

    def taken_over(*_args):
        with db.aside():
            db.execute("UPDATE dossiers SET lease_until = '2026-11-23T09:00:00.000Z' WHERE id = :id", id=id)
        return "f" * 64, 1

    monkeypatch.setattr(actions, "archive", taken_over)
    assert dossiers.make_one(db, files, id) is False and kinds(db) == ["dossier.wanted"]
