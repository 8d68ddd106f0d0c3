"""Specialty forms and the constitution within a consultation; what was answered since it opens with."""

import pytest

from app.clinic import encounters, questionnaires, responses
from app.core import settings
from app.core.errors import NotFound, Refusal

HTMX = {"HX-Request": "true"}


def fill(house, who, patient, code: str) -> int:
    """Answer every question of a shipped questionnaire with its first option."""
    version = questionnaires.by_code(house, code)
    questionnaires.switch(house, who("owner"), version.questionnaire_id, True)
    id = responses.begin(house, who("nurse"), patient, version, "staff")
    finish(house, who, id)
    return id


def finish(house, who, id: int) -> None:
    one, sitting = responses.being_filled(house, id)
    for _round in range(3):
        state = responses.state_of(house, one, sitting)
        fields = {place.path: [first(place.item)] for place in state.shown if place.path in state.missing}
        if not fields:
            break
        responses.answer(house, id, sitting.revision, fields, "zh")
        one, sitting = responses.being_filled(house, id)
    responses.complete(house, who("nurse"), id)


def first(item) -> str:
    if item.options:
        coding = item.options[0].value["valueCoding"] if "valueCoding" in item.options[0].value else None
        return f"{coding['system']}|{coding['code']}" if coding and coding.get("system") else coding["code"] if coding else "x"
    return {"date": "2026-11-20", "dateTime": "2026-11-20T08:00", "integer": "1", "decimal": "1", "quantity": "1", "boolean": "true"}.get(item.type, "x")


def test_a_specialty_form_is_begun_in_it_answered_and_read_with_it(house, who, wang, begun, write, signed, sign_in) -> None:
    form = next(one for one in encounters.templates(house) if one.code == "hypertension-visit")
    browser, path = sign_in("doctor"), f"/patients/{wang.id}/encounters/{begun}"
    assert form.title_zh in browser.get(path).text
    there = [browser.post(f"{path}/forms", data={"questionnaire": form.questionnaire_id, "token": "t"}, follow_redirects=False) for _tap in range(2)]
    assert there[0].headers["location"] == there[1].headers["location"]
    assert browser.get(there[0].headers["location"]).status_code == 200 and "还没填完" in browser.get(path).text
    write("complaint", text="复诊")
    [open_one] = encounters.forms(house, encounters.encounter(house, wang.id, begun))
    assert open_one.response.open and "不算在这次签名里" in browser.get(f"{path}/signature").text
    finish(house, who, open_one.response.id)
    signed()
    [done] = encounters.forms(house, encounters.encounter(house, wang.id, begun))
    assert done.said and form.title_zh in browser.get(f"{path}/paper").text


def test_only_what_is_meant_for_consultations_is_begun_in_one_and_only_while_it_is_open(house, who, wang, begun, write, signed) -> None:
    other = next(one for one in questionnaires.current(house) if one.use != "consultation")
    with pytest.raises(NotFound):
        encounters.begin_form(house, who("doctor"), wang, begun, other.questionnaire_id, "t")
    write("complaint", text="x")
    signed()
    with pytest.raises(Refusal):
        encounters.begin_form(house, who("doctor"), wang, begun, encounters.templates(house)[0].questionnaire_id, "t")
    assert house.value("SELECT count(*) FROM responses") == 0


def test_the_constitution_is_the_last_answered_one(house, who, wang, begun, sign_in) -> None:
    settings.put(house, None, tcm=True)
    path = f"/patients/{wang.id}/encounters/{begun}"
    assert "还没有做过体质问卷" in sign_in("doctor").get(path).text
    id = fill(house, who, wang, "tcm-60")
    found = encounters.constitution(house, wang.id)
    assert found.response.id == id and f"/questionnaires/{id}" in sign_in("doctor").get(path).text
    assert all(decision for _kind, decision in found.kinds)


def test_what_was_answered_since_is_told_with_its_meaning(house, who, wang, begun, sign_in) -> None:
    id = fill(house, who, wang, "phq-9")
    page = sign_in("doctor").get(f"/patients/{wang.id}/encounters/{begun}").text
    assert f"/patients/{wang.id}/questionnaires/{id}" in page.partition('class="consult"')[0]
