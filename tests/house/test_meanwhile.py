"""Two people at one form: the second gets both texts, and what they typed is still there."""

import re

import pytest

from app.clinic import staff, tags, work
from app.core import settings


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


@pytest.fixture
def owner(sign_in):
    return sign_in("owner")


def test_a_member_of_staff(owner, who):
    db, nurse = owner.app.state.db, who("nurse")
    path = f"/manage/staff/{nurse.id}"
    seen = hidden(owner.get(path).text, "seen")
    staff.edit(db, who("owner"), nurse.id, staff.EditMember("周岚岚", "nurse", "zh"))
    mine = {"name": "周兰", "role": "doctor", "language": "zh", "seen": seen}
    answer = owner.post(path, data=mine)
    assert answer.status_code == 409 and "周岚岚" in answer.text and 'value="周兰"' in answer.text and "医生" in answer.text
    assert staff.get(db, nurse.id).name == "周岚岚"
    assert owner.post(path, data=mine | {"seen": hidden(answer.text, "seen")}, follow_redirects=False).status_code == 303
    assert staff.get(db, nurse.id).name == "周兰"


def test_the_clinic(owner, who):
    db = owner.app.state.db
    seen = hidden(owner.get("/manage/clinic").text, "seen")
    settings.put(db, who("owner"), clinic_phone="0531-5550 9999")
    mine = {"clinic_name": "和平里诊所", "clinic_language": "zh", "clinic_address": "和平里 13 号", "clinic_phone": "0531-5550 1234", "seen": seen}
    answer = owner.post("/manage/clinic", data=mine, files={"none": b""})
    assert answer.status_code == 409 and "0531-5550 9999" in answer.text and "和平里 13 号" in answer.text
    assert settings.get(db, "clinic_phone") == "0531-5550 9999"


def test_the_clinics_own_limits(owner):
    path = "/manage/indicators/LDL"
    seen = hidden(owner.get(path).text, "seen")
    mine = {"high_male": "3.1", "high_female": "3.1", "reason": "a new analyser", "seen": seen}
    assert owner.post(f"{path}/limits", data=mine, follow_redirects=False).status_code == 303
    answer = owner.post(f"{path}/limits", data=mine | {"high_male": "3.6"})
    assert answer.status_code == 409 and "3.1" in answer.text and 'value="3.6"' in answer.text
    again = mine | {"high_male": "3.6", "seen": hidden(answer.text, "seen")}
    assert owner.post(f"{path}/limits", data=again, follow_redirects=False).status_code == 303


def test_an_interval(owner, who):
    db = owner.app.state.db
    code = next(one.code for one in work.pathways().values() if one.adjustable)
    was = work.days_in_force(db)[code]
    work.set_days(db, who("owner"), code, was + 3)
    answer = owner.post("/manage/pathways", data={"code": code, "days": was + 9, "was": was})
    assert answer.status_code == 409 and str(was + 3) in answer.text
    assert work.days_in_force(db)[code] == was + 3
    assert owner.post("/manage/pathways", data={"code": code, "days": was + 9, "was": was + 3}, follow_redirects=False).status_code == 303
    assert owner.post("/manage/pathways", data={"code": "made-up", "days": "3", "was": "4"}).status_code == 404


def test_a_rule(owner):
    db = owner.app.state.db
    given = {"name_zh": "高龄", "name_en": "Old", "level": "info", "source": "我们", "all.0.what": "age", "all.0.op": "ge", "all.0.value": "80"}
    code = owner.post("/manage/rules", data=given, follow_redirects=False).headers["location"].rpartition("/")[2]
    version = hidden(owner.get(f"/manage/rules/{code}/edit").text, "version")
    mine = given | {"code": code, "version": version}
    assert owner.post("/manage/rules", data=mine | {"all.0.value": "85"}, follow_redirects=False).status_code == 303
    answer = owner.post("/manage/rules", data=mine | {"all.0.value": "90"})
    assert answer.status_code == 409 and "85" in answer.text and "90" in answer.text
    assert tags.rule(db, code).version == 2
    again = mine | {"all.0.value": "90", "version": hidden(answer.text, "version")}
    assert owner.post("/manage/rules", data=again, follow_redirects=False).status_code == 303
    assert tags.rule(db, code).version == 3
