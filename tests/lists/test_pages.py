"""The list in the browser: filters, columns, kept lists, pages."""

import re

import pytest

from app.clinic import lists, patients

HIGH = {"all.0.what": "indicator:SBP", "all.0.take": "latest", "all.0.op": "ge", "all.0.value": "140", "all.0.n": "", "all.0.unit": "months"}
ROW = re.compile(r'<tr id="row-(\d+)"')


def seen(text: str) -> list[int]:
    return [int(id) for id in ROW.findall(text)]


def follow(browser, path: str, rel: str) -> list[list[int]]:
    """The lines of every page from here on."""
    found = []
    while path:
        text = browser.get(path).text
        found.append(seen(text))
        link = re.search(rf'href="([^"]+)" rel="{rel}"', text)
        path = link and link[1].replace("&amp;", "&")
    return found


@pytest.mark.parametrize("filters", ["", "sex=female&missing=phone", "doctor=0"])
def test_the_list_pages_both_ways_and_misses_nobody(sign_in, register, filters) -> None:
    ids = [register() for _ in range(120)][::-1]
    browser = sign_in("desk")
    onwards = follow(browser, f"/patients?{filters}", "next")
    assert [len(one) for one in onwards] == [50, 50, 20] and sum(onwards, []) == ids
    back = follow(browser, f"/patients?{filters}&before={onwards[1][-1]}", "prev")
    assert back == onwards[::-1]


def test_choosing_filters_leads_to_the_lists_address(sign_in) -> None:
    browser = sign_in("doctor")
    answer = browser.post("/patients/filters", data={
        "sex": "female", "age_from": "６０", "card": "none", "missing": ["phone", "consent"], "days": "90", "columns": ["born", "phone"], **HIGH,
    }, follow_redirects=False)
    path = answer.headers["location"]
    assert path.startswith("/patients?card=none&sex=female&age_from=60&missing=phone&missing=consent&where=") and path.endswith("columns=born&columns=phone")
    text = browser.get(path).text
    assert "收缩压" in text and "60 岁及以上" in text and "0 人" in text and "没有卡" in text
    again = browser.get(path.replace("/patients?", "/patients/filters?")).text
    assert 'name="where" value=""' in again  # a row taken out is out
    assert 'value="140"' in again and 'value="60"' in again and re.search(r'value="consent" checked', again)


def test_what_is_chosen_wrongly_stays_typed_beside_its_error(sign_in) -> None:
    browser = sign_in("doctor")
    answer = browser.post("/patients/filters", data={"age_from": "sixty", "days": "90"})
    assert answer.status_code == 422 and 'value="sixty"' in answer.text and "整数" in answer.text
    answer = browser.post("/patients/filters", data={"age_from": "60", "days": "90", **HIGH, "all.0.value": "viel"})
    assert answer.status_code == 422 and 'value="viel"' in answer.text and 'value="60"' in answer.text
    drafted = browser.post("/patients/filters/draft", data={"age_from": "60", "missing": "phone", "change": "add any", **HIGH}, headers={"HX-Request": "true"})
    assert 'name="any.0.what"' in drafted.text and 'value="60"' in drafted.text and re.search(r'value="phone" checked', drafted.text)


def test_what_rows_cannot_say_is_carried_along_in_words(sign_in) -> None:
    deep = '{"is":"not","of":{"is":"all","of":[{"is":"fact","field":"age","op":"ge","value":60},{"is":"not","of":{"is":"fact","field":"age","op":"ge","value":70}}]}}'
    browser = sign_in("doctor")
    text = browser.get("/patients/filters", params={"where": deep}).text
    assert "60 岁" in text and "all.0.what" not in text
    answer = browser.post("/patients/filters", data={"where": deep, "days": "90", "sex": "male"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/patients?sex=male&where=")
    path = browser.post("/patients/filters", data={"where": deep, "days": "90", **HIGH}, follow_redirects=False).headers["location"]
    text = browser.get(path).text
    assert "收缩压" in text and "70 岁" in text


def test_the_usual_columns_need_no_address(sign_in) -> None:
    answer = sign_in("desk").post("/patients/filters", data={
        "days": "90", "columns": ["who", "phone", "number", "card", "doctor"]}, follow_redirects=False)
    assert answer.headers["location"] == "/patients"


@pytest.mark.parametrize("address", [
    "doctor=1 OR 1=1", "where={}", "missing=name", "columns=password_hash", "sex=x", "age_from=a", "where=%27)--", "card=%27",
])
@pytest.mark.parametrize("page", ["/patients", "/patients/filters", "/patients/output", "/patients/assignments/new"])
def test_an_address_that_cannot_be_read_is_never_everybodys(sign_in, page, address) -> None:
    assert sign_in("owner").get(f"{page}?{address}").status_code == 404


@pytest.mark.parametrize("address", ["tag=x", "contact=never", "missing=allergies", 'where={"is":"fact","field":"age","op":"ge","value":1}'])
def test_reception_cannot_filter_by_what_it_may_not_see(sign_in, register, address) -> None:
    register()
    browser = sign_in("desk")
    assert browser.get(f"/patients?{address}").status_code == 403
    assert browser.get(f"/patients/output?{address}").status_code == 403
    text = browser.get("/patients?columns=tags&columns=last_contact&columns=due&columns=phone").text
    assert "电话" in text and "标签" not in text and "最近联系" not in text


# ── lists that are kept ──

def test_a_list_is_kept_shared_taken_away_and_put_back(house, who, sign_in, register) -> None:
    browser = sign_in("doctor")
    assert browser.post("/patients/views", data={"query": "sex=female&missing=phone", "name": "缺电话", "shared": "on"}, follow_redirects=False).status_code == 303
    assert browser.post("/patients/views", data={"query": "doctor=0&columns=phone", "name": "没医生"}, follow_redirects=False).status_code == 303
    own = browser.get("/patients").text
    assert "缺电话" in own and "没医生" in own and 'href="/patients?sex=female&amp;missing=phone"' in own
    other = sign_in("desk").get("/patients").text
    assert "缺电话" in other and "没医生" not in other
    [shared, _mine] = sorted(lists.views(house, who("doctor")), key=lambda one: -one.shared)
    assert sign_in("desk").post(f"/patients/views/{shared.id}/removal").status_code == 404
    browser = sign_in("doctor")
    answer = browser.post(f"/patients/views/{shared.id}/removal")
    assert f"/patients/views/{shared.id}/return" in answer.text and "缺电话" not in browser.get("/patients").text
    assert browser.post(f"/patients/views/{shared.id}/return", follow_redirects=False).headers["location"] == shared.path
    assert "缺电话" in browser.get("/patients").text


def test_a_list_that_tells_of_health_is_not_offered_to_who_may_not_know(house, who, sign_in) -> None:
    lists.save(house, who("doctor"), lists.NewView("服药不规律", True), lists.View(tag="不规律"))
    assert "服药不规律" in sign_in("nurse").get("/patients").text
    assert "服药不规律" not in sign_in("desk").get("/patients").text


def test_two_lists_of_one_name_are_refused(sign_in) -> None:
    browser = sign_in("doctor")
    for status in (303, 422):
        answer = browser.post("/patients/views", data={"query": "doctor=0", "name": "一个"}, follow_redirects=False)
        assert answer.status_code == status
    assert "同名" in answer.text


def test_a_kept_lists_name_is_never_markup(sign_in) -> None:
    browser = sign_in("doctor")
    browser.post("/patients/views", data={"query": "doctor=0", "name": "<b hx-post=/x>{{7*7}}%s"})
    for path in ("/patients", "/patients/filters"):
        assert "&lt;b hx-post=/x&gt;{{7*7}}%s" in browser.get(path).text


def test_the_plain_first_page_is_read_without_a_thread_and_without_a_count(client, house, sign_in, register) -> None:
    from bench.measures import heard
    register()
    browser = sign_in("doctor")
    browser.get("/patients")
    with heard() as told:
        house.close_readers()  # so that new connections are listened to
        browser.get("/patients")
        assert told and not any("count(*)" in sql and "FROM patients" in sql for sql in told)
        assert len([sql for sql in told if "sessions" not in sql]) <= 13
    assert patients.get(house, 1)
