"""What a report makes of what it holds. Same input, same answer; no medicine of its own.

The lights say whether something must be done, not how ill somebody is:

- act: a result beyond a critical limit that a named source (or the clinic) gives, or one that open, dated
  work of this clinic was set off by: somebody here is already to do something about it by a day (that every
  abnormal result is explained and measured again does not count, or all of them would be urgent);
- watch: any other result outside its range;
- fine: everything that could be judged is in its range.

A result no range applies to gets no light. A group (lipids, kidney) has the light of its gravest result.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from app.clinic.reports.shapes import Finding, Light, Result, Said, Work

LIGHTS: tuple[Light, ...] = ("act", "watch", "fine")
PAIRS = {"SBP": "DBP"}  # drawn and told as one
CHARTS = 2
_GRAVE = {"critical_low": 0, "critical_high": 0, "abnormal": 1, "low": 1, "high": 1, "normal": 2, None: 3}


def asked(work: Iterable[Work]) -> set[str]:
    """Codes of the indicators that open, dated work was set off by."""
    return {code for item in work if item.acts and item.by for code in item.codes}


def light(result: Result, asked: Iterable[str]) -> Light | None:
    """asked: see there."""
    level = result.now.level
    if level is None:
        return None
    if level.startswith("critical") or (result.out and result.code in asked):
        return "act"
    return "watch" if result.out else "fine"


def gravest(lights: Iterable[Light | None]) -> Light | None:
    seen = [one for one in lights if one]
    return min(seen, key=LIGHTS.index) if seen else None


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (LIGHTS.index(finding.light), min(_gravity(r) for r in finding.results)))


def said_once(findings: Iterable[Finding]) -> list[Finding]:
    """What helps against several things is said at the first of them."""
    said: set[Said] = set()
    kept = []
    for finding in findings:
        kept.append(msgspec.structs.replace(finding, do=tuple(one for one in finding.do if one not in said), again=bool(said & {*finding.do})))
        said.update(finding.do)
    return kept


def _gravity(result: Result) -> int:
    return _GRAVE[result.now.level]


def pairs(results: Sequence[Result]) -> list[tuple[Result, ...]]:
    """Results in their order, the two of a pair measured on the same day together."""
    by_code = {result.code: result for result in results}
    second = {
        code for first, code in PAIRS.items()
        if first in by_code and code in by_code and by_code[first].now.at == by_code[code].now.at
    }  # fmt: skip
    return [
        (result, by_code[PAIRS[result.code]]) if PAIRS.get(result.code) in second else (result,)
        for result in results
        if result.code not in second
    ]


def charts(results: Sequence[Result]) -> tuple[tuple[str, ...], ...]:
    """The two courses most worth seeing: out of range first, then the longest."""
    courses = [
        pair for pair in pairs(results)
        if len({v.at[:10] for v in pair[0].values if v.value is not None}) > 1
    ]  # fmt: skip
    courses.sort(key=lambda pair: (min(_gravity(r) for r in pair), -len(pair[0].values)))
    return tuple(tuple(result.code for result in pair) for pair in courses[:CHARTS])


def is_past(result: Result, measured_on: str, days: int = 30) -> bool:
    """Was it measured clearly before the day the report is about? Then its own date is shown beside it."""
    return (date.fromisoformat(measured_on[:10]) - date.fromisoformat(result.now.at[:10])).days > days
