"""What docs/security.md names as shown is there: every test, file and heading."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
DOC = (HOUSE / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.(?:py|txt))(?:::(test_\w+))?`")
LINKED = re.compile(r"\]\(#([\w-]+)\)")


def missing(doc: str) -> list[str]:
    found = []
    for path, test in NAMED.findall(doc):
        file = next((place / path for place in (HOUSE / "tests", HOUSE) if (place / path).is_file()), None)
        if file is None or test and not re.search(rf"^(?:async )?def {test}\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.append(f"{path}::{test}")
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", doc, re.MULTILINE)}
    return found + [anchor for anchor in LINKED.findall(doc) if anchor not in anchors]


def test_every_test_that_is_named_exists() -> None:
    assert missing(DOC) == []
    assert len(NAMED.findall(DOC)) > 100


def test_one_that_does_not_exist_is_noticed() -> None:
    assert missing("`house/test_doors.py::test_nothing_of_the_kind` `house/none.py` [x](#none)") == ["house/test_doors.py::test_nothing_of_the_kind", "house/none.py::", "none"]


def test_every_chapter_of_the_standard_and_twenty_classes_are_there() -> None:
    assert {f"V{n}" for n in range(1, 18)} <= set(re.findall(r"\bV\d+\b", DOC))
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", DOC, re.MULTILINE)] == list(range(1, 21))
