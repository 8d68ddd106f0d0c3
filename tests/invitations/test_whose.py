"""What one person is asked is found under nobody else's address; the staff's pages of it."""

import pytest

from app.clinic import invitations

WAYS = ["invitations", "revocation", "reminder", "withdrawal", "restoration", "handover"]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_one_is_done_under_another(sign_in, db, wang, other, mood, ask, way):
    id = ask(wang, mood)
    browser = sign_in("doctor")
    assert browser.post(f"/patients/{other.id}/asked/{id}/{way}").status_code == 404
    assert browser.get(f"/patients/{other.id}/asked/{id}").status_code == 404
    assert invitations.get(db, id).state == "asked" and not db.value("SELECT count(*) FROM invitations")


def test_from_asking_to_taking_back_and_back(sign_in, db, wang, mood, tea):
    browser = sign_in("nurse")
    base = f"/patients/{wang.id}/asked"
    answer = browser.post(base, data={"questionnaires": [mood, tea], "token": "t", "due_on": "2026-12-01"}, follow_redirects=False)
    assert answer.headers["location"] == base
    assert browser.post(base, data={"questionnaires": [mood, tea], "token": "t"}, follow_redirects=False).status_code == 303
    assert [one.due_on for one in invitations.open_of(db, wang.id)] == ["2026-12-01"] * 2
    html = browser.get(base).text
    assert "近两周的心情" in html and "2026-12-01" in html
    first = next(one.id for one in invitations.open_of(db, wang.id) if one.questionnaire_id == mood)
    way = browser.post(f"{base}/{first}/invitations")
    assert way.status_code == 200 and "王*英" in way.text and 'class="waycode' in way.text
    assert "填写码有效至" in browser.get(f"{base}/{first}").text
    browser.post(f"{base}/{first}/withdrawal")
    assert invitations.get(db, first).state == "withdrawn" and "还是要填" in browser.get(f"{base}/{first}").text
    assert browser.post(f"{base}/{first}/invitations").status_code == 422
    browser.post(f"{base}/{first}/restoration")
    assert invitations.get(db, first).open
    assert browser.post(f"{base}/{first}/restoration").status_code == 422


@pytest.mark.parametrize("given", [{}, {"questionnaires": "999"}, {"questionnaires": "x"}, {"questionnaires": "1", "due_on": "yesterday"}])
def test_what_cannot_be_asked_is_refused_and_stays_typed(sign_in, db, wang, mood, given):
    answer = sign_in("nurse").post(f"/patients/{wang.id}/asked", data={"token": "t"} | given)
    assert answer.status_code == 422 and invitations.open_of(db, wang.id) == []


def test_of_a_person_whose_data_may_not_be_used_nothing_is_asked_and_nothing_kept(sign_in, client, db, who, wang, mood, tea, invite):
    from app.clinic import patients

    way = invite(wang, mood)
    client.post(f"/fill/t/{way.token}", data={})
    cookie = {"Cookie": f"yihe_fill={client.cookies['yihe_fill']}"}
    patients.restrict(db, who("doctor"), wang.id, patients.NewRestriction("wish"))
    assert client.post(f"/fill/{way.asked.id}/answers", data={"sleep": "0", "harm": "0", "_revision": "0"}, headers=cookie).status_code == 410
    assert client.post(f"/fill/{way.asked.id}/submission", headers=cookie).status_code == 410
    assert not db.value("SELECT sum(revision) FROM sittings")
    assert sign_in("nurse").post(f"/patients/{wang.id}/asked", data={"questionnaires": tea, "token": "t"}).status_code == 422


def test_two_records_of_one_person_are_asked_once(db, who, wang, other, mood, ask):
    from app.clinic import patients

    first, second = ask(wang, mood), ask(other, mood)
    patients.merge(db, who("owner"), wang.id, other.id)
    states = {id: invitations.get(db, id).state for id in (first, second)}
    assert sorted(states.values()) == ["asked", "withdrawn"] and invitations.get(db, second).patient_id == wang.id
