"""What was expected against what came out: numbers, yes and no, bands by name, and what sentences say of a band."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from app.clinic.questionnaires.conditions import bare
from app.clinic.questionnaires.settling import ordinal
from app.clinic.questionnaires.shapes import Band, Item, key
from app.clinic.questionnaires.verifying.filling import Filled
from app.clinic.questionnaires.verifying.vectors import Case, Model, plain

TOTALS = {"total", "totalscore", "sum", "result", "rawscore"}
BANDS = {"category", "severity", "band", "risk", "risklevel", "riskband", "riskcategory", "level", "zone", "grade", "class", "classification"}
VALID, INVALID = {"valid", "isvalid", "complete"}, {"error", "invalid", "refused", "raises"}
ROUNDING = Decimal("1e-9")
_OUT_OF = re.compile(r"(?<![\d.])(-?\d+(?:\.\d+)?)\s*/\s*\d+(?![\d.])")


class Check(msgspec.Struct, frozen=True):
    """One expected thing. ok: None where it was not compared; off: by how much a number is."""

    key: str
    ok: bool | None
    expected: str
    got: str = ""
    why: str = ""
    off: Decimal | None = None


def compare(case: Case, model: Model, filled: Filled) -> list[Check]:
    found = [check for name, said in case.expected.items() for check in _Comparing(case, model, filled).check(name, said)]
    broken = [Check(problem.path or "variable", False, "worked out", problem.what, problem.why) for problem in filled.state.problems]
    return found + broken


class _Comparing:
    def __init__(self, case: Case, model: Model, filled: Filled) -> None:
        self.case, self.model, self.filled = case, model, filled
        self.by_name = {plain(link_id): link_id for link_id, item in filled.definition.by_id.items() if item.calculated or item.score}

    def check(self, name: str, said: Any) -> Iterator[Check]:
        rule = self.model.expected.get(name) or self.usual(plain(name))
        if isinstance(said, dict):
            for each, worth in said.items():
                yield from self.one(f"{name}.{each}", worth, self.for_name(rule, each))
        else:
            yield from self.one(name, said, rule)

    def for_name(self, rule: dict[str, Any], each: str) -> dict[str, Any]:
        if not rule:
            return self.model.expected.get(each) or self.usual(plain(each))
        link = self.model.names.get(each, each)
        return {part: said.replace("{}", link) if isinstance(said, str) else said for part, said in rule.items()}

    def usual(self, name: str) -> dict[str, Any]:
        """What a name means where the model says nothing of it."""
        if name in self.by_name:
            return {"value": self.by_name[name]}
        if name in TOTALS:
            return {"value": self.model.main}
        if name in BANDS:
            return {"named": self.model.main}
        return {"valid": name in VALID} if name in VALID | INVALID else {}

    def one(self, name: str, said: Any, rule: dict[str, Any]) -> Iterator[Check]:
        by_id = self.filled.definition.by_id
        if ("value" in rule and rule["value"] not in by_id) or ("named" in rule and isinstance(said, int | Decimal | bool)):
            rule = {}
        if not rule:
            yield from self.sentence(name, said) if isinstance(said, str) else [Check(name, None, str(said), why="nothing here has this name")]
        elif "valid" in rule:
            yield _same(name, said if isinstance(said, bool) else said is not None, self.sound is rule["valid"])
        elif "scored" in rule:
            yield _same(name, said, self.worth(rule["scored"]) is not None)
        elif "alarm" in rule:
            yield _same(name, said, self.alarmed(rule["alarm"]))
        elif "band" in rule:
            band = self.band(rule["band"])
            yield _same(name, said, None if band is None else band.code in rule["in"])
        else:
            yield self.value(name, said, rule.get("value") or rule["named"])

    @property
    def sound(self) -> bool:
        return not self.filled.refused and not self.filled.state.missing and self.worth(self.model.main) is not None

    def worth(self, link: str) -> Decimal | str | None:
        values = self.filled.state.values.get(key(link))
        said = bare(values[0]) if values else None
        return Decimal(said) if isinstance(said, int | Decimal) and not isinstance(said, bool) else said

    def band(self, link: str) -> Band | None:
        return next((one.band for one in self.filled.state.scores if one.link_id == link), None)

    def alarmed(self, link: str) -> bool:
        item: Item = self.filled.definition.by_id[link]
        points = [ordinal(item, value) for value in self.filled.state.values.get(key(link), ())]
        return item.alarm is not None and any(one is not None and one > item.alarm.above for one in points)

    # ── a value, or the name of its band ──

    def value(self, name: str, said: Any, link: str) -> Check:
        worth = self.worth(link)
        if said is None:
            return Check(name, worth is None or bool(self.filled.refused), "nothing", _told(worth))
        if isinstance(said, int | Decimal) and not isinstance(said, bool):
            return self.number(name, Decimal(said), worth)
        band = self.band(link)
        names = {plain(str(worth))} | (self.names(link, band) if band else set())
        return Check(name, worth is not None and plain(str(said)) in names, str(said), band.code if band else _told(worth))

    def number(self, name: str, said: Decimal, worth: Decimal | str | None) -> Check:
        if not isinstance(worth, Decimal):
            return Check(name, False, f"{said}", _told(worth), "; ".join(self.filled.refused))
        allowed = _printed(said) if self.case.tolerance is None else self.case.tolerance
        off = abs(worth - said)
        return Check(name, off <= allowed + ROUNDING, f"{said}", f"{worth}", off=off)

    def names(self, link: str, band: Band) -> set[str]:
        """All that this band is called."""
        phrases = [words for row in self.model.said if row.get("of") == link for words, code in row["words"].items() if code == band.code]
        return {plain(one) for one in (band.code, band.exactly or "", band.meaning.original, *band.meaning.others.values(), *phrases) if one}

    # ── sentences ──

    def sentence(self, name: str, text: str) -> list[Check]:
        """Every band it names, the alarm it gives or does not, and the score it prints."""
        found = [check for row in self.model.said for check in (self.alarm_in if "alarm" in row else self.band_in)(name, text, row)]
        printed = _OUT_OF.search(text)
        if found and printed:
            found.append(self.number(f"{name}: score", Decimal(printed[1]), self.worth(self.model.main)))
        return found or [Check(name, None, text, why="a sentence that names no band")]

    def band_in(self, name: str, text: str, row: dict[str, Any]) -> Iterator[Check]:
        said = _spoken(text, row["words"], self.model.apart_from)
        if not said:
            return
        band = self.band(row["of"])
        ok = band is not None and said == {band.code}
        why = "" if ok else self.known(said)
        yield Check(f"{name}: {row['of']}", None if why else ok, " and ".join(sorted(said)), band.code if band else "nothing", why)

    def alarm_in(self, name: str, text: str, row: dict[str, Any]) -> Iterator[Check]:
        said = any(words in text.lower() for words in row["words"])
        if said or _OUT_OF.search(text):
            yield _same(f"{name}: alarm", said, self.alarmed(row["alarm"]))

    def known(self, said: set[str]) -> str:
        return next((row["why"] for row in self.model.known if said == {row["said"]} and self.worth(row["of"]) in map(Decimal, row["values"])), "")


def _spoken(text: str, words: dict[str, str], apart_from: list[str]) -> set[str]:
    """The bands a sentence names; longer names first, so that "moderately severe" is not severe too."""
    left, found = text.lower(), set()
    for phrase in apart_from:
        left = left.replace(phrase, " ")
    for phrase in sorted(words, key=len, reverse=True):
        left, times = re.subn(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", left)
        if times:
            found.add(words[phrase])
    return found


def _same(name: str, said: Any, got: bool | None) -> Check:
    wanted = bool(said) if isinstance(said, bool | int) else said
    return Check(name, wanted == got, _told(wanted), _told(got))


def _printed(number: Decimal) -> Decimal:
    """Half of the last digit somebody printed; a whole number is exact."""
    places = -int(number.as_tuple().exponent)
    return Decimal(5).scaleb(-places - 1) if places > 0 else Decimal(0)


def _told(value: Any) -> str:
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
