"""Many people given to one doctor or manager, and given back exactly."""

import json
import re

import pytest

from app.clinic import cards, lists, patients, staff, work
from app.core.access import Role
from app.core.errors import Invalid, Refusal



def crew(house, people) -> list[tuple]:
    return [(patients.get(house, id).doctor_id, patients.get(house, id).manager_id) for id in people]


def open_work(house) -> list[tuple]:
    return house.all(tuple, """SELECT patient_id, pathway, owner_id, role FROM work_items WHERE closed_event_id IS NULL ORDER BY 1, 2""")


@pytest.fixture
def second(house) -> int:
    return staff.add(house, None, staff.NewMember("doctor2", "Ruth Carter", Role.DOCTOR, "en", "quiet-lake-4711"))


def test_everybody_on_the_list_is_given_and_given_back(house, who, register, second) -> None:
    manager = who("manager")
    people = [register(doctor="doctor", manager="manager"), register(), register(manager="manager2")]
    cards.open_card(house, who("desk"), people[1], cards.types(house)[0].id)  # "assign a doctor" waits
    before, waiting = crew(house, people), open_work(house)
    assert [row[1] for row in waiting] == ["assign_doctor"]
    id = lists.assign(house, manager, "doctor", second, people, "t1")
    assert [doctor for doctor, _manager in crew(house, people)] == [second] * 3
    assert "complete_record" in [row[1] for row in open_work(house)] and crew(house, people)[1][1] is not None
    assert lists.people_of(house, id) == {people[2]: None, people[1]: None, people[0]: who("doctor").id}
    lists.undo(house, manager, id)
    assert crew(house, people) == before and open_work(house) == waiting
    assert lists.assignment(house, id).undone
    with pytest.raises(Refusal):
        lists.undo(house, manager, id)
    work.complete(house, manager, work.open_for(house, people[1])[0].id, work.Completion(
        "assigned", work.open_for(house, people[1])[0].seen, doctor_id=second))  # and it can be done again
    assert crew(house, people)[1][0] == second


def test_open_work_goes_along_and_comes_back(house, who, register, second) -> None:
    person = register(doctor="doctor", manager="manager", age=60)
    from app.clinic import observations
    from app.clinic.observations import NewValue
    observations.record(house, who("nurse"), patients.get(house, person), "2026-11-20", [NewValue("SBP", 185.0), NewValue("DBP", 115.0)])
    before = open_work(house)
    assert any(row[2] == who("doctor").id for row in before)
    id = lists.assign(house, who("owner"), "doctor", second, [person], "t")
    assert not any(row[2] == who("doctor").id for row in open_work(house)) and any(row[2] == second for row in open_work(house))
    lists.undo(house, who("owner"), id)
    assert open_work(house) == before


def test_who_went_on_to_another_since_stays_there(house, who, register, second) -> None:
    people = [register(), register()]
    id = lists.assign(house, who("owner"), "doctor", second, people, "t")
    patients.assign_doctor(house, who("owner"), people[0], who("doctor").id)
    lists.undo(house, who("owner"), id)
    assert [doctor for doctor, _manager in crew(house, people)] == [who("doctor").id, None]


def test_back_to_a_doctor_who_has_left_is_back_too(house, who, register, second) -> None:
    person = register(doctor="doctor")
    staff.disable(house, who("owner"), who("doctor").id)
    id = lists.assign(house, who("owner"), "doctor", second, [person], "t")
    lists.undo(house, who("owner"), id)
    assert crew(house, [person])[0][0] == who("doctor").id and not any(row[2] == who("doctor").id for row in open_work(house))


def test_a_second_tap_gives_nobody_twice(house, who, register) -> None:
    people = [register() for _ in range(120)]
    first = lists.assign(house, who("owner"), "manager", who("manager2").id, people, "t")
    events = house.value("SELECT max(id) FROM events")
    assert lists.assign(house, who("owner"), "manager", who("manager2").id, people, "t") == first
    assert house.value("SELECT max(id) FROM events") == events
    assert {manager for _doctor, manager in crew(house, people)} == {who("manager2").id}
    assert len(lists.people_of(house, first)) == 50 and lists.assignment(house, first).n == 120


@pytest.mark.parametrize("chosen", ["nurse", "desk", "manager"])
def test_nobody_becomes_a_doctor_this_way(house, who, register, chosen) -> None:
    with pytest.raises(Invalid):
        lists.assign(house, who("owner"), "doctor", who(chosen).id, [register()], "t")


def test_by_the_page(house, who, sign_in, register, second) -> None:
    people = [register("王秀英"), register("李雷"), register("张三", doctor="doctor")]
    browser = sign_in("manager")
    text = browser.get("/patients/assignments/new?doctor=0").text
    assert "王**" in text and "李*" in text and "张*" not in text and "2 人" in text
    given = {"query": "doctor=0", "to": f"doctor:{second}", "token": "abc", "n": "2"}
    assert browser.post("/patients/assignments", data=given | {"scope": "ticked"}).status_code == 422
    assert browser.post("/patients/assignments", data=given | {"scope": "all", "n": "3"}).status_code == 422
    assert browser.post("/patients/assignments", data=given | {"scope": "all", "to": f"doctor:{who('nurse').id}"}).status_code == 422
    assert browser.post("/patients/assignments", data=given | {"scope": "all", "to": "nonsense"}).status_code == 422
    assert crew(house, people)[0] == (None, None)
    answer = browser.post("/patients/assignments", data=given | {"scope": "ticked", "people": [str(people[0]), str(people[2])]}, follow_redirects=False)
    path = answer.headers["location"]
    assert [doctor for doctor, _manager in crew(house, people)] == [second, None, who("doctor").id]  # 张三 is not on this list
    assert "1 人现在归 Ruth Carter" in browser.get(path).text
    browser.post(f"{path}/undoing")
    assert crew(house, people)[0][0] is None and "已撤销" in browser.get(path).text
    audit = house.all(tuple, "SELECT kind, details FROM events WHERE kind LIKE 'people.%' ORDER BY id")
    assert [kind for kind, _details in audit] == ["people.assigned", "people.given_back"] and json.loads(audit[0][1])["n"] == 1


@pytest.mark.parametrize("name", ["desk", "nurse", "pharmacist", "reader"])
def test_only_who_may_assign_work_does(sign_in, register, name) -> None:
    register()
    browser = sign_in(name)
    assert browser.get("/patients/assignments/new").status_code == 403
    assert "/patients/assignments" not in re.sub(r"\s", "", browser.get("/patients").text)
