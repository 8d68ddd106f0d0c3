"""What was taken out of the record is put back, in every section."""

import pytest

from app.clinic import mistakes, patients, records, tags
from app.clinic.records import NewAllergy, NewCondition
from app.clinic.criteria import Fact
from app.core.errors import Forbidden, NotFound, Refusal
from tests.records.test_sections import ENTRIES

ALLERGIES, CONDITIONS, SMOKING = (records.section(id) for id in ("allergies", "conditions", "smoking"))


@pytest.fixture
def house(client):
    return client.app.state.db


@pytest.fixture
def wang(house, who) -> int:
    return patients.register(house, who("desk"), patients.NewPatient("王秀英"))


def taken_out(db, who, wang, section, new) -> int:
    entry_id = records.record(db, who("nurse"), wang, section, new)
    records.withdraw(db, who("doctor"), wang, section, entry_id, "slip")
    return entry_id


@pytest.mark.parametrize(("id", "new"), [(id, new) for id, (new, _told) in ENTRIES.items()])
def test_it_says_what_it_said_and_its_history_tells_both(house, who, wang, id, new) -> None:
    section = records.section(id)
    entry_id = records.record(house, who("nurse"), wang, section, new)
    records.verify(house, who("doctor"), wang, section, entry_id, "papers")
    [was] = records.entries(house, wang, section)
    records.withdraw(house, who("doctor"), wang, section, entry_id, "slip")
    records.put_back(house, who("doctor"), wang, section, entry_id)
    [now] = records.entries(house, wang, section)
    assert section.told(now) == section.told(was)
    assert (now.verified_how, now.verified_by, now.verified_at) == ("papers", was.verified_by, was.verified_at)
    assert [one.retired_reason for one in records.history(house, wang, section, entry_id)] == ["", "slip"]
    assert "put back: " in patients.timeline(house, who("doctor"), wang)[0].sentence


def test_what_stands_is_not_put_back(house, who, wang) -> None:
    entry_id = taken_out(house, who, wang, ALLERGIES, NewAllergy("青霉素"))
    records.record_none(house, who("nurse"), wang, ALLERGIES)
    records.put_back(house, who("nurse"), wang, ALLERGIES, entry_id)
    assert (len(records.warnings(house, wang)), records.none_known(house, wang)) == (1, set())
    with pytest.raises(Refusal):
        records.put_back(house, who("nurse"), wang, ALLERGIES, entry_id)
    one = taken_out(house, who, wang, SMOKING, ENTRIES["smoking"][0])
    records.record(house, who("nurse"), wang, SMOKING, ENTRIES["smoking"][0])
    with pytest.raises(Refusal):
        records.put_back(house, who("nurse"), wang, SMOKING, one)
    assert len(records.entries(house, wang, SMOKING)) == 1


def test_it_is_this_persons_and_for_these_eyes(house, who, wang) -> None:
    entry_id = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("梅毒", "A53.9", sensitive=True))
    records.withdraw(house, who("doctor"), wang, CONDITIONS, entry_id, "slip")
    with pytest.raises(Forbidden):
        records.put_back(house, who("nurse"), wang, CONDITIONS, entry_id)
    other = patients.register(house, who("desk"), patients.NewPatient("李四"))
    with pytest.raises(NotFound):
        records.put_back(house, who("doctor"), other, CONDITIONS, entry_id)
    records.put_back(house, who("doctor"), wang, CONDITIONS, entry_id)
    assert not any("梅毒" in text for text in house.all(str, "SELECT details FROM events"))


def test_tags_that_went_with_it_come_back(house, who, wang) -> None:
    rule = tags.make_rule(house, who("doctor"), tags.NewRule("高血压", "Hypertension", "info", "Dr Lin"), Fact("condition", "exists", code="I10"))
    tags.switch(house, who("doctor"), rule, True)
    entry_id = records.record(house, who("doctor"), wang, CONDITIONS, NewCondition("高血压", "I10"))
    before = [tag.code for tag in tags.current(house, wang)]
    records.withdraw(house, who("doctor"), wang, CONDITIONS, entry_id, "slip")
    assert before and not tags.current(house, wang)
    records.put_back(house, who("doctor"), wang, CONDITIONS, entry_id)
    assert [tag.code for tag in tags.current(house, wang)] == before


def test_the_page_offers_undo_at_once_and_later(house, who, sign_in, wang) -> None:
    browser = sign_in("nurse")
    entry_id = records.record(house, who("nurse"), wang, ALLERGIES, NewAllergy("<b>青霉素"))
    base = f"/patients/{wang}/record"
    gone = browser.post(f"{base}/allergies/{entry_id}/withdrawal", data={"reason": "slip"}, follow_redirects=False)
    undo = f'action="{base}/allergies/{entry_id}/restoration"'
    assert undo in (page := browser.get(gone.headers["location"]).text) and "&lt;b&gt;青霉素" in page
    assert undo in browser.get(f"{base}/allergies/{entry_id}").text
    assert undo not in sign_in("reader").get(gone.headers["location"]).text
    browser.post(f"{base}/allergies/{entry_id}/restoration")
    assert undo not in browser.get(gone.headers["location"]).text
    for out in ("allergies:x", "allergies", "nothing:1", "allergies:" + "9" * 30, "allergies:999"):
        assert browser.get(f"{base}?out={out}").status_code == 200


def test_another_persons_is_not_put_back(house, who, sign_in, wang) -> None:
    entry_id = records.record(house, who("nurse"), wang, ALLERGIES, NewAllergy("青霉素"))
    mistakes.mark(house, who("nurse"), patients.get(house, wang), "allergies", entry_id, "not hers")
    browser, path = sign_in("nurse"), f"/patients/{wang}/record/allergies/{entry_id}"
    assert "restoration" not in browser.get(path).text
    assert browser.post(path + "/restoration").status_code == 422
    assert records.warnings(house, wang) == []
