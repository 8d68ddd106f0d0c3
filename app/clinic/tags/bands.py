"""What the bands and alarms of a questionnaire ask for: rules that follow its version in force.

A band is a rule over the latest score; an alarm one over the latest answer, urgent and on whatever else is known of the text.
Bands nobody has verified are off. The clinic's own switch counts for as long as the band is there.
"""

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.clinic import criteria, questionnaires
from app.clinic.criteria import Fact
from app.clinic.questionnaires import Alarm, Band, Item, Text, Version, Work
from app.clinic.tags import queries
from app.clinic.tags.shapes import ALARM, LEVELS, Rule, Shipped
from app.core import events
from app.core.db import Database
from app.core.events import Event
from app.core.words import LANGUAGES, N_, _, speaking

events.declare("rules.asked", N_("Took over %(n)s rules of the questionnaire %(title)s"), clinical=False)

LONGEST_CODE = 56
LONGEST_NAME = 60
PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
FURTHER = re.compile(r"[（(，：:]|, ")


class Asks(msgspec.Struct, frozen=True):
    """A rule that a questionnaire makes, and the work it asks for."""

    rule: Shipped
    work: Work | None


def asks_of(version: Version) -> dict[str, Asks]:
    """By the rule's code. What a criterion cannot say is left out."""
    found: dict[str, Asks] = {}
    items = version.definition.by_id.values()
    several = sum(any(_acts(band) for band in item.bands) for item in items) > 1
    for item in items:
        for one in [*_alarm(version, item), *_bands(version, item, item.text if several else version.definition.title)]:
            if not criteria.problems(one.rule.criterion):
                found.setdefault(one.rule.code, one)
    return found


def _acts(what: Band | Alarm) -> bool:
    return what.tag or what.work is not None


def _alarm(version: Version, item: Item) -> Iterator[Asks]:
    if item.alarm and _acts(item.alarm):
        fact = Fact("answer", "gt", float(item.alarm.above), _named(version, item), "latest")
        title = version.definition.title
        name, source = _both(N_("%(title)s: talk today"), title), _both(N_("A question of %(title)s"), title)
        yield Asks(_rule(_code(ALARM, version.code, item.link_id), "red", "P", name, source, fact), item.alarm.work)


def _bands(version: Version, item: Item, title: Text) -> Iterator[Asks]:
    """title: of the questionnaire, or of the score where it has several."""
    for n, band in enumerate(item.bands):
        if _acts(band) and (fact := _fact(_named(version, item), band)):
            name = _both(N_("%(title)s: %(meaning)s"), title, band.meaning or Text(band.code))
            source = dict.fromkeys(LANGUAGES, band.source) if band.source else _both(N_("Set in %(title)s"), version.definition.title)
            code = _code("q.", version.code, item.link_id, band.code or str(n))
            yield Asks(_rule(code, band.level if band.level in LEVELS else "info", band.status, name, source, fact), band.work)


def _rule(code: str, level: str, status: str, name: dict[str, str], source: dict[str, str], fact: Fact) -> Shipped:
    return Shipped(code, 1, level, status, name["zh"][:LONGEST_NAME], name["en"][:LONGEST_NAME], source["zh"], source["en"], fact)


def _named(version: Version, item: Item) -> str:
    return f"{version.code}/{item.link_id}"


def _code(prefix: str, *parts: str) -> str:
    """Fit for an address; what is not, is known by its digest."""
    plain = ".".join(parts)
    if len(plain) <= LONGEST_CODE - len(prefix) and PLAIN.fullmatch(plain):
        return prefix + plain
    return f"{prefix}{parts[0][:30]}.{hashlib.sha256(plain.encode()).hexdigest()[:16]}"


def _both(sentence: str, title: Text, meaning: Text = Text()) -> dict[str, str]:
    """In every language; words that nobody translated stay as they are. What is simply so needs no "yes" after it."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            about, means = _short(title.said(code)[0]), _short(meaning.said(code)[0])
            found[code] = about if means == _("Yes") else _(sentence, title=about, meaning=means)
    return found


def _short(words: str) -> str:
    """A tag has little room: what stands before the first bracket, comma or colon."""
    return FURTHER.split(words, maxsplit=1)[0].strip() or words or "—"


def _fact(code: str, band: Band) -> Fact | None:
    """Nothing where the band names no limit."""
    low, high = _number(band.low), _number(band.high)
    if band.exactly is not None:
        return Fact("score", "eq", band.exactly, code, "latest")
    if low is not None and high is not None:
        return Fact("score", "between", (low, high), code, "latest")
    if low is not None or high is not None:
        return Fact("score", "le", high, code, "latest") if low is None else Fact("score", "ge", low, code, "latest")
    return None


def _number(limit: Decimal | None) -> float | None:
    return None if limit is None else float(limit)


# ── following the versions ──

def follow(db: Database, heard: list[Event]) -> None:
    """A new version brings its rules along, and takes back those it no longer has."""
    for event in heard:
        if event.kind == "questionnaire.published" and not db.value(queries.SINCE, questionnaire=event.details["questionnaire"], event=event.id):
            _take_over(db, questionnaires.version(db, event.details["version"]), event.id)


def _take_over(db: Database, version: Version, cause: int) -> None:
    asked = {code: one.rule for code, one in asks_of(version).items()}
    standing = {rule.code: rule for rule in queries.rules(db) if rule.questionnaire_id == version.questionnaire_id}
    before = next((one for one in questionnaires.versions(db, version.questionnaire_id) if one.number < version.number), None)
    lasting = asks_of(before).keys() & standing.keys() if before else set()
    fresh = [rule for code, rule in asked.items() if code not in lasting or _differs(rule, standing[code])]
    gone = [rule for code, rule in standing.items() if code not in asked and rule.is_on]
    if not fresh and not gone:
        return
    with db.change(None, "rules.asked", cause=cause) as details:
        details |= {"n": len(fresh) + len(gone), "title": version.title_zh, "questionnaire": version.questionnaire_id}
        for rule in fresh:
            switched = rule.code not in lasting or bool(standing[rule.code].is_on)
            _store(db, version, rule, standing.get(rule.code), switched and not rule.status.startswith("U"), details.event_id)
        for rule in gone:
            _store(db, version, _as_shipped(rule), rule, False, details.event_id)


def _differs(rule: Shipped, old: Rule) -> bool:
    return msgspec.structs.replace(rule, version=old.version) != _as_shipped(old)


def _as_shipped(rule: Rule) -> Shipped:
    return Shipped(rule.code, rule.version, rule.level, rule.status, rule.name_zh, rule.name_en, rule.source_zh, rule.source_en, rule.tree)


def _store(db: Database, version: Version, rule: Shipped, old: Rule | None, is_on: bool, event: int) -> None:
    if old:
        db.update("tag_rules", old.id, {"retired_event_id": event})
    fields = msgspec.structs.asdict(rule) | {"criterion": criteria.dump(rule.criterion), "version": old.version + 1 if old else 1}
    origin = {"origin": version.origin, "questionnaire_id": version.questionnaire_id}
    db.insert("tag_rules", fields | origin | {"is_on": int(is_on), "event_id": event})


NEWEST = """
SELECT e.id, substr(e.at, 1, 10) FROM tag_rules r JOIN events e ON e.id = r.event_id
WHERE r.questionnaire_id IS NOT NULL AND r.retired_event_id IS NULL ORDER BY e.id DESC LIMIT 1
"""


def newest(db: Database) -> tuple[int, str] | None:
    """The event that last brought rules from a questionnaire, and its day: everybody is to be looked at again."""
    return db.one(tuple, NEWEST)
