"""What stands on the report's pages: the same for the PDF, with pictures, and for a screen, with live drawings."""

import re
from datetime import date
from itertools import groupby, zip_longest

from markupsafe import Markup

from app.clinic.patients import SEXES
from app.clinic.reports import rules
from app.clinic.reports.shapes import Content, Finding, Result, Value, Work
from app.core import charts, words
from app.core.text import clean_markdown
from app.core.words import N_, _

NBSP = "\u00a0"
LEVELS = {
    "low": N_("↓ low"), "high": N_("↑ high"), "abnormal": N_("▲ not as it should be"),
    "critical_low": N_("↓↓ dangerously low"), "critical_high": N_("↑↑ dangerously high"),
}  # fmt: skip
SHORT = {"low": "↓", "high": "↑", "abnormal": "▲", "critical_low": "↓↓", "critical_high": "↑↑"}
_BULLETS = re.compile(r"<ul>.*?</ul>", re.DOTALL)
MOST_DRAWN = 24
LIGHTS = {"act": N_("Needs action"), "watch": N_("To watch"), "fine": N_("All well")}


class Paper:
    """What the report's template asks for. Made inside speaking(content.language)."""

    def __init__(self, content: Content, pictures: bool = False, logo: str = "") -> None:
        self.content, self.pictures, self.logo = content, pictures, logo
        self.by_code = {result.code: result for result in content.results}

    # ── drawings ──

    def _draw(self, drawing: Markup) -> Markup:
        """On a screen the drawing itself; in the PDF a picture, which is all it takes."""
        return Markup('<img src="{}" alt="">').format(charts.image(drawing)) if self.pictures and drawing else drawing

    def light(self, kind: str) -> Markup:
        return self._draw(charts.light(kind))

    def sourced(self, finding: Finding) -> bool:
        """Is there more to say than that it is out of range?"""
        return bool(finding.do or finding.again or self.next_of(finding) or any(said.source for said in finding.means))

    def scales(self, finding: Finding) -> list[Markup]:
        pair = len(finding.results) > 1
        drawn = [
            charts.scale(_point(r.now), r.name, r.unit, r.decimals, _point(r.before) if r.before else None, r.name if pair else "")
            for r in finding.results
            if r.out
        ]  # fmt: skip
        return [self._draw(drawing) for drawing in drawn if drawing]

    def trends(self) -> list[tuple[str, Markup]]:
        return [(self._name(pair), self._draw(self._trend(pair))) for pair in self.content.charts]

    def _name(self, codes: tuple[str, ...]) -> str:
        return _("Blood pressure") if len(codes) > 1 else self.by_code[codes[0]].name

    def _trend(self, codes: tuple[str, ...]) -> Markup:
        results = [self.by_code[code] for code in codes]
        lines = [charts.Line(r.brief if len(codes) == 1 else r.name, [_point(v) for v in r.values], r.decimals) for r in results]
        return charts.trend(lines, results[0].unit, height=170)

    def qr(self) -> Markup:
        return self._draw(charts.qr(self.content.address, _("The clinic's address"))) if self.content.address else Markup("")

    # ── words ──

    @property
    def sex(self) -> str:
        return _(SEXES[self.content.person.sex])

    @property
    def age(self) -> str:
        """With the birth date, or the year where only that is known."""
        person = self.content.person
        if person.age is None:
            return _("not known")
        told = _("about %(age)s", age=person.age) if person.birth_about else _("%(n)s years", n=person.age)
        born = person.birth_date[:4] if person.birth_about else person.birth_date
        return _("%(age)s (born %(day)s)", age=told, day=born)

    def day(self, day: str) -> str:
        """As people say it: 2026年11月6日, 6 November 2026."""
        if len(day) < 10:
            return day
        at = date.fromisoformat(day[:10])
        if words.language() == "zh":
            return f"{at.year}年{at.month}月{at.day}日"
        return f"{at.day} {at:%B} {at.year}"

    def by(self, day: str) -> str:
        """When something is due; what we are late with comes first."""
        return _("as soon as possible") if day < self.content.made_on else self.day(day)

    def count(self, light: str) -> int:
        return sum(aspect.light == light for aspect in self.content.aspects)

    def names(self, light: str) -> list[str]:
        return [aspect.name for aspect in self.content.aspects if aspect.light == light]

    def until(self, light: str) -> str:
        """What stands under a light: the day somebody acts, where one is set."""
        if light != "act":
            return {"watch": _("ask at your next visit"), "fine": _("in range")}[light]
        days = [item.by for item in self.content.work if item.by and item.acts and item.codes]
        if not days:
            return _("talk to your doctor now")
        first = min(days)
        return self.by(first) if first < self.content.made_on else _("by %(day)s", day=self.day(first))

    def lights(self) -> list[tuple[str, str]]:
        return [(light, _(LIGHTS[light])) for light in rules.LIGHTS]

    def dated(self) -> list[Work]:
        return [item for item in self.content.work if item.by]

    def drawn(self) -> tuple[Finding, ...]:
        """The gravest, each on its scale; the list of all results marks the others."""
        return self.content.findings[:MOST_DRAWN]

    def next_of(self, finding: Finding) -> list[Work]:
        """What is due about just this; that results are talked over stands on the first page."""
        places = (self.content.work[place] for place in finding.next)
        return [item for item in places if item.by and item.acts]

    def value(self, finding: Finding) -> str:
        return "/".join(result.now.shown for result in finding.results)

    def says(self, finding: Finding) -> str:
        """Levels of a finding's results, each named where there are two."""
        said = [(r.name, _(LEVELS[r.now.level])) for r in finding.results if r.out]
        if len({level for _name, level in said}) == 1:
            return said[0][1]
        return ", ".join(f"{name} {level}" for name, level in said)

    def sign(self, result: Result) -> str:
        return SHORT.get(result.now.level or "", "")

    def quantity(self, result: Result) -> str:
        return result.unit and NBSP + result.unit

    def before(self, result: Result) -> str:
        return result.before.shown if result.before else NBSP

    def range(self, result: Result) -> str:
        return result.range or NBSP

    def old(self, result: Result) -> str:
        """The month of a value that was measured well before the rest."""
        return result.now.at[:7] if rules.is_past(result, self.content.measured_on) else ""

    # ── all results, two to a line ──

    def groups(self) -> list[tuple[str, list[tuple[Result, Result | None]]]]:
        """(category, lines of one or two results)."""
        return [
            (category, list(zip_longest(*[iter(list(own))] * 2)))
            for category, own in groupby(self.content.results, key=lambda result: result.category)
        ]  # fmt: skip

    def sources(self) -> list[str]:
        """Who the sentences are from, for the small print."""
        return list(dict.fromkeys(
            said.source for finding in self.drawn() for said in (*finding.means, *finding.do) if said.source
        ))  # fmt: skip

    def doctor_words(self) -> Markup:
        """The PDF's own bullets come from a font that is not embedded: there they are written out."""
        html = clean_markdown(self.content.words)
        return Markup(_BULLETS.sub(lambda found: found[0].replace("<li>", "<li>• "), html)) if self.pictures else html


def _point(value: Value) -> charts.Point:
    return charts.Point(value.at, value.value, "" if value.plain else value.shown, value.level, value.low, value.high)
