import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from app.clinic import staff
from app.core import clock
from app.core.access import Actor, Role
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal, TooMany
from tests.conftest import NOW, PASSWORD

Who = Callable[[str], Actor]
STORED = "SELECT count(*) FROM staff WHERE password_hash LIKE :text"
TOKENS = "SELECT count(*) FROM sessions WHERE token_hash = :token"
NAMES_TRIED = "SELECT count(*) FROM failed_sign_ins WHERE instr(who, 'owner') > 0"


def enter(db: Database, name: str = "nurse", password: str = PASSWORD, address: str = "10.0.0.5") -> str:
    return staff.sign_in(db, name, password, "tablet", address)


def later(seconds: int):
    return clock.stop(NOW + timedelta(seconds=seconds))


def test_a_password_is_stored_as_argon2id_and_a_token_as_its_hash(db: Database) -> None:
    token = enter(db)
    assert db.value(STORED, text="$argon2id$%") == 8 and not db.value(STORED, text=f"%{PASSWORD}%")
    assert not db.value(TOKENS, token=token.encode())
    assert staff.held(db, token).actor.name == "周岚"


@pytest.mark.parametrize(("name", "password"), [("nobody", PASSWORD), ("nurse", "wrong")])
def test_an_unknown_name_and_a_wrong_password_sound_the_same(db: Database, name: str, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(db, name, password)
    assert refused.value.errors == {"password": "The name or the password is not right."}


def test_an_account_is_slowed_after_five_failures_from_anywhere(db: Database) -> None:
    for n in range(5):
        with pytest.raises(Invalid):
            enter(db, "owner", "wrong", f"10.0.0.{n}")
    with pytest.raises(TooMany) as slowed:
        enter(db, "owner", PASSWORD, "10.0.0.9")
    assert slowed.value.wait == 31
    with later(32):
        assert enter(db, "owner", PASSWORD, "10.0.0.9")
    assert db.value(NAMES_TRIED) == 0


def test_a_device_is_slowed_whatever_names_it_tries(db: Database) -> None:
    for n in range(5):
        with pytest.raises(Invalid):
            enter(db, f"guess{n}", "wrong")
    with pytest.raises(TooMany):
        enter(db, "nurse")
    assert enter(db, "nurse", address="10.0.0.6")


def test_the_pause_doubles_to_a_quarter_of_an_hour() -> None:
    from app.clinic.staff.rules import wait_seconds

    waits = [wait_seconds(failures, clock.stamp(NOW), NOW) for failures in (4, 5, 6, 7, 20)]
    assert waits == [0, 31, 61, 121, 901]
    assert wait_seconds(5, clock.stamp(NOW), NOW + timedelta(seconds=30)) == 0


def test_a_session_ends_by_itself_and_when_told(db: Database, who: Who) -> None:
    token = enter(db)
    with later(12 * 3600):
        assert staff.held(db, token) is None
    staff.sign_out(db, who("nurse"), token)
    assert staff.held(db, token) is None


def test_signing_in_again_rotates_the_session(db: Database) -> None:
    old = enter(db)
    new = staff.sign_in(db, "nurse", PASSWORD, "tablet", "10.0.0.5", old)
    assert staff.held(db, old) is None and staff.held(db, new)


@pytest.mark.parametrize("deed", ["disable", "role", "password"])
def test_closing_changing_role_and_new_password_sign_out_everywhere(db: Database, who: Who, deed: str) -> None:
    token, nurse = enter(db), who("nurse")
    if deed == "disable":
        staff.disable(db, who("owner"), nurse.id)
    elif deed == "role":
        staff.edit(db, who("owner"), nurse.id, staff.EditMember("周岚", Role.PHARMACIST, "zh"))
    else:
        staff.change_password(db, nurse, PASSWORD, "another-quiet-one")
    assert staff.held(db, token) is None


def test_the_last_owner_stays(db: Database, who: Who) -> None:
    owner = who("owner")
    with pytest.raises(Refusal):
        staff.disable(db, owner, owner.id)
    with pytest.raises(Refusal):
        staff.edit(db, owner, owner.id, staff.EditMember("安", Role.DOCTOR, "zh"))


@pytest.mark.parametrize("password", ["short", "nurse-nurse-1", "aaaaaaaaaaaa"])
def test_weak_passwords_are_refused(db: Database, who: Who, password: str) -> None:
    with pytest.raises(Invalid):
        staff.reset_password(db, who("owner"), who("nurse").id, password)


def test_one_cannot_sign_out_somebody_elses_device(db: Database, who: Who) -> None:
    enter(db)
    session = staff.sessions(db)[0]
    with pytest.raises(NotFound):
        staff.end_session(db, who("desk"), session.id, who("desk").id)
    staff.end_session(db, who("owner"), session.id)
    assert staff.sessions(db) == []


def test_the_first_run_works_once_and_only_with_the_code(tmp_path) -> None:
    from app.main import create_app

    with TestClient(create_app(tmp_path, tasks=False)) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        typed = {"code": "WRON-GCOD-EXXX", "clinic_name": "和平里诊所", "sign_in": "an", "name": "安",
                 "password": PASSWORD, "language": "zh"}
        refused = browser.post("/setup", data=typed)
        assert refused.status_code == 422 and "和平里诊所" in refused.text and PASSWORD not in refused.text
        typed["code"] = browser.app.state.first_run_code.lower().replace("-", " ")
        assert browser.post("/setup", data=typed, follow_redirects=False).status_code == 303
        assert browser.get("/manage/staff").status_code == 200
        assert all(f'href="{path}"' in browser.get("/today").text for path in ("/manage/network", "/manage/tablets", "/manage/backup"))
        assert browser.get("/setup").status_code == 404
        assert browser.post("/setup", data=typed).status_code == 404


def test_the_sign_in_page_goes_back_only_to_our_own_paths(client: TestClient) -> None:
    for to in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD, "next": to}, follow_redirects=False)
        assert answer.headers["location"] == "/today"
    answer = client.post("/sign-in", data={"sign_in": "nurse", "password": PASSWORD, "next": "/patients?q=a"},
                         follow_redirects=False)
    assert answer.headers["location"] == "/patients?q=a"


def test_a_logo_is_drawn_anew_and_nothing_but_pictures_is_taken(sign_in: Callable[[str], TestClient]) -> None:
    from io import BytesIO

    from PIL import Image

    browser, drawn = sign_in("owner"), BytesIO()
    Image.new("RGB", (2000, 900), "green").save(drawn, "JPEG")
    fields = {"clinic_name": "和平里诊所", "clinic_language": "zh"}
    bad = browser.post("/manage/clinic", data=fields, files={"logo": ("logo.png", b"<svg onload=alert(1)>", "image/png")})
    assert bad.status_code == 422
    good = browser.post("/manage/clinic", data=fields, files={"logo": ("x.jpg", drawn.getvalue(), "image/jpeg")},
                        follow_redirects=False)
    assert good.status_code == 303
    from app.core import settings

    sha = settings.get(browser.app.state.db, "logo")
    picture = browser.get(f"/logo/{sha}")
    assert picture.headers["content-type"] == "image/png" and Image.open(BytesIO(picture.content)).size == (600, 270)
    assert browser.get("/logo/" + "0" * 64).status_code == 404


def test_a_doctors_team_is_named_from_the_health_managers(sign_in: Callable[[str], TestClient]) -> None:
    browser = sign_in("owner")
    db = browser.app.state.db
    ids = {member.sign_in: member.id for member in staff.everyone(db)}
    page = f"/manage/staff/{ids['doctor']}"
    saved = browser.post(f"{page}/team", data={"managers": [str(ids["manager2"])]}, follow_redirects=False)
    assert saved.status_code == 303 and staff.team(db, ids["doctor"]) == [ids["manager2"]]
    assert browser.post(f"{page}/team", data={"managers": [str(ids["nurse"])]}).status_code == 404
    assert browser.post(f"/manage/staff/{ids['nurse']}/team", data={}).status_code == 404
    assert "马超" in browser.get(page).text
    browser.post(f"{page}/team", data={})
    assert staff.team(db, ids["doctor"]) == []


def test_nobody_is_made_an_owner_by_leaving_the_role_alone(sign_in) -> None:
    typed = {"name": "陈新", "sign_in": "chenxin", "role": "", "language": "zh", "password": PASSWORD}
    browser = sign_in("owner")
    assert browser.get("/manage/staff/new").text.count("<option value=\"\"") == 1
    assert browser.post("/manage/staff", data=typed).status_code == 422


def test_guesses_sent_side_by_side_are_counted_one_by_one(db: Database) -> None:
    outcomes: list[type] = []

    def guess(n: int) -> None:
        try:
            enter(db, "owner", f"wrong-{n}", f"10.0.1.{n}")
        except Refusal as refused:
            outcomes.append(type(refused))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(Invalid) == 5 and outcomes.count(TooMany) == 7


@pytest.mark.parametrize(("said", "told"), [
    ("Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Android · Chrome"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Windows · Edge"),
    ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", "iPad · Safari"),
    ("tablet", "tablet"), ("", ""),
])  # fmt: skip
def test_a_device_is_told_in_two_words(said: str, told: str) -> None:
    assert staff.Session(1, 1, "周岚", said, "", "", None).device_told == told
