"""Other lists of the house that grow for ever page truly, too."""

import re

import pytest

from app.clinic import reports


@pytest.fixture
def many_reports(house, who, register) -> list[int]:
    person = register("王秀英")
    return [reports.want(house, who("doctor"), person, "zh", "", f"t{n}") for n in range(120)]


def pages(browser, path: str, line: str) -> list[int]:
    found = []
    while path:
        text = browser.get(path).text
        found.append(len(re.findall(line, text)))
        link = re.search(r'href="([^"]+)" rel="next"', text)
        path = link and link[1].replace("&amp;", "&")
    return found


def test_reports_page_to_the_first_one(sign_in, house, many_reports) -> None:
    assert pages(sign_in("doctor"), "/reports", r"王\*\*") == [50, 50, 20]
    assert "before=" in sign_in("doctor").get("/reports?before=80").text


def test_reminders_page_to_the_first_one(sign_in, house, who) -> None:
    with house.change(None, "list.masked") as details:
        house.insert_many("reminders", [
            {"staff_id": who("nurse").id, "kind": kind, "day": f"2026-{month:02d}-{day:02d}", "n": 1, "event_id": details.event_id}
            for month in range(1, 3) for day in range(1, 29) for kind in ("overdue", "due_today")])
    assert pages(sign_in("nurse"), "/reminders", r'<a href="/today\?due=') == [50, 50, 12]
