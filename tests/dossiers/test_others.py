"""Of nobody else is anything told but a number; what is not for somebody's eyes is not in what they hand out."""

import json
from datetime import date

import pytest

from app.clinic import attachments, cards, dossiers, households, patients, records
from app.clinic.dossiers.paper import sections
from tests.attachments.conftest import picture
from tests.cards.conftest import FAMILY
from tests.dossiers.conftest import PHONE, RELATIVE, bundle_of


def whole(db, actor, person: int) -> str:
    """Both, as text: the bundle and the lines of the paper."""
    known = dossiers.everything(db, actor, patients.get(db, person))
    return json.dumps([dossiers.bundle(known, ""), list(sections(known))], ensure_ascii=False)


def test_nobody_else_is_named(db, who, person) -> None:
    """The other one is the relative, the other half of a pair, whom an entry belonged to, and owner of a family card."""
    told = whole(db, who("owner"), person)
    assert RELATIVE not in told and PHONE not in told
    assert patients.get(db, person + 1).number in told


def test_a_relative_and_the_owner_of_a_family_card_are_a_number(db, who) -> None:
    doctor = who("doctor")
    mine = patients.register(db, doctor, patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    aunt = patients.register(db, doctor, patients.NewPatient(RELATIVE, "female", phones=(PHONE,)))
    households.connect(db, doctor, mine, aunt, "sibling", together=True)
    card = cards.open_card(db, doctor, aunt, cards.add_type(db, None, FAMILY))
    cards.add_person(db, doctor, aunt, card, mine)
    for person, other in ((mine, RELATIVE), (aunt, "王秀英")):
        told = whole(db, who("owner"), person)
        assert other not in told
    assert PHONE not in whole(db, who("owner"), mine)


def test_a_line_of_a_list_that_was_only_compared_is_not_told(db, who, person) -> None:
    with db.aside():
        db.execute("UPDATE roster_lines SET cells = :cells, patient_id = NULL, alike_id = :id WHERE patient_id = :id OR alike_id = :id",
                   cells=json.dumps([RELATIVE, PHONE]), id=person)
    told = whole(db, who("owner"), person)
    assert RELATIVE not in told and PHONE not in told


@pytest.fixture
def secretive(db, who, files) -> int:
    doctor = who("doctor")
    id = patients.register(db, doctor, patients.NewPatient("王秀英", "female", birth_date=date(1948, 3, 12)))
    drug = records.record(db, doctor, id, records.section("medications"), records.NewMedication("氨氯地平"))
    entry = records.record(db, doctor, id, records.section("medications"), records.NewMedication("秘密药", why="秘密病", sensitive=True))
    records.record(db, doctor, id, records.section("conditions"), records.NewCondition("高血压"))
    records.talk_through(db, doctor, id, records.NewReview(), {
        drug: records.NewLine("regular", how="早上"), entry: records.NewLine("irregular", how="秘密吃法", missed=3)})
    with files.incoming() as arriving:
        arriving.write(picture())
        attachments.add(db, doctor, files, id, attachments.NewAttachment("秘密照片", sensitive=True), arriving)
    return id


def test_what_is_sensitive_is_there_for_who_may_see_it(db, who, secretive) -> None:
    told = whole(db, who("doctor"), secretive)
    assert all(word in told for word in ("秘密药", "秘密病", "秘密吃法", "秘密照片", "早上"))
    marked = [one for one in bundle_of(db, who("doctor"), secretive)["entry"] if "security" in one["resource"].get("meta", {})]
    assert len(marked) == 2


def test_what_is_sensitive_is_absent_for_who_may_not(db, who, secretive) -> None:
    known = dossiers.everything(db, who("manager"), patients.get(db, secretive))
    told = whole(db, who("manager"), secretive)
    assert "秘密" not in told and "早上" in told
    assert known.withheld == 2 and known.tables["attachments"] == []
    assert {"medication.recorded", "condition.recorded"} <= {row["kind"] for row in known.tables["events"]}
    assert not [row for row in known.tables["events"] if row["kind"].startswith("attachment.")]
    [photo] = db.all(str, "SELECT file FROM attachments")
    assert photo not in told


def test_what_was_marked_a_mistake_and_is_sensitive_is_absent(db, who, secretive) -> None:
    entry = db.value("SELECT id FROM medications WHERE sensitive")
    records.withdraw(db, who("doctor"), secretive, records.section("medications"), entry, "秘密错误")
    assert "秘密" not in whole(db, who("manager"), secretive) and "秘密错误" in whole(db, who("doctor"), secretive)


def test_what_was_struck_out_is_entered_in_error(db, who) -> None:
    doctor = who("doctor")
    id = patients.register(db, doctor, patients.NewPatient("王秀英", "female"))
    for section, new in (
        ("conditions", records.NewCondition("高血压")), ("allergies", records.NewAllergy("青霉素")),
        ("medications", records.NewMedication("氨氯地平")), ("notes", records.NewNote("x")),
    ):
        section = records.section(section)
        records.withdraw(db, doctor, id, section, records.record(db, doctor, id, section, new), "another person's")
    found = {one["resource"]["resourceType"]: json.dumps(one["resource"]) for one in bundle_of(db, doctor, id)["entry"]}
    for type in ("Condition", "AllergyIntolerance", "MedicationStatement", "DocumentReference"):
        assert "entered-in-error" in found[type] and "another person's" in found[type]


def test_a_newer_version_says_which_it_replaces(db, who) -> None:
    doctor, section = who("doctor"), records.section("conditions")
    id = patients.register(db, doctor, patients.NewPatient("王秀英", "female"))
    first = records.record(db, doctor, id, section, records.NewCondition("高血压"))
    records.correct(db, doctor, id, section, first, records.NewCondition("高血压病"), "slip")
    old, new = [one["resource"] for one in bundle_of(db, doctor, id)["entry"] if one["resource"]["resourceType"] == "Condition"]
    assert old["id"] in json.dumps(new["extension"]) and "slip" in json.dumps(new["extension"])
    assert "entered-in-error" not in json.dumps(old)
