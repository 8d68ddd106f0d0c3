"""Whatever stands wherever in a file: the linter answers, and what it finds no error in can be read."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.clinic import questionnaires

FILES = sorted((Path(__file__).parent / "lint").glob("*.good.json"))
FORMS = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]
STRANGE: list[Any] = [
    None, True, 0, -1, 3.5, 1e300, "", " ", "x", "#x", [], {}, [[]], [None], {"a": 1}, {"url": 1}, [{"extension": []}], "2026-02-31", "\ud800",
    {"coding": [1]}, {"valueCoding": {"code": [1]}}, {"system": {}, "code": {}}, {"language": "text/fhirpath", "expression": {}},
]  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *places(value[key]))]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.data())
def test_anything_anywhere(data: some.DataObject) -> None:
    form = copy.deepcopy(FORMS[data.draw(some.integers(0, len(FORMS) - 1))])
    for _n in range(data.draw(some.integers(1, 3))):
        there = places(form)
        container, key = there[data.draw(some.integers(0, len(there) - 1))]
        container[key] = copy.deepcopy(data.draw(some.sampled_from(STRANGE)))
    findings = questionnaires.check(json.dumps(form))
    assert all(one.told("zh") for one in (*findings.errors, *findings.warnings, *findings.unsupported))
    if findings.ok:
        questionnaires.read(json.dumps(form))
