"""The fields `score` and `answer`: what people answered, and which of several answers counts.

A code is `questionnaire/item`. Compared with a number, an answer is its number or what the chosen option counts; compared with a
word, the option chosen or the word a score comes to. Of an item with several answers a word is true if one of them is it, and
`ne` only if none is. Only what is completed and stands is seen, each answer at the time of its questionnaire.
"""

from decimal import Decimal
from typing import Any

import msgspec

from app.clinic import questionnaires
from app.clinic.criteria import series
from app.clinic.criteria.fields import Asking, Field, Part, compare, register_field
from app.clinic.criteria.series import Series
from app.clinic.criteria.shapes import Fact
from app.clinic.questionnaires import Definition, Item, Option, Text
from app.core.db import Database
from app.core.events import Event
from app.core.words import N_, _, language

HEARD = frozenset({"response.completed", "response.corrected", "response.withdrawn", "response.restored"})
NUMBER = "coalesce({0}.number, {0}.ordinal)"
LATER = "n.at >= o.at AND (n.at > o.at OR n.response_id > o.response_id)"
LONGEST = 40  # of a question's words in a sentence


def _part(fact: Fact, asking: Asking) -> Part:
    if fact.take == "count":
        return series.count(fact, asking, _series(fact, asking, False))
    if fact.op == "exists" or in_words(fact):
        return _latest(fact, asking)
    if fact.take in ("mean", "change"):
        return {"mean": series.mean, "change": series.change}[fact.take](fact, asking, _series(fact, asking, True))
    among = _series(fact, asking, True)
    return _shown(fact, asking, series.single(fact, among, compare(among.value.format("o"), fact, asking), ", o.choice"))


def in_words(fact: Fact) -> bool:
    """Whether it is compared with words rather than numbers."""
    return isinstance(fact.value[0] if isinstance(fact.value, tuple) and fact.value else fact.value, str)


def _series(fact: Fact, asking: Asking, numbers: bool) -> Series:
    code, _slash, link_id = fact.code.partition("/")
    terms = (f"{{0}}.code = {asking.bind(code)}", f"{{0}}.link_id = {asking.bind(link_id)}", "{0}.retired_event_id IS NULL",
             *series.within(fact, asking, "{0}.at"))
    return Series(
        head=fact.field, unit=None, table="answers {0} INDEXED BY answers_standing", value=NUMBER, at="{0}.at", row="{0}.response_id",
        kept="responses", told=False, terms=(*terms, f"{NUMBER} IS NOT NULL") if numbers else terms, counted="DISTINCT o.response_id",
    )


def _latest(fact: Fact, asking: Asking) -> Part:
    """All answers of the last response that has any."""
    among = _series(fact, asking, False)
    test = "1" if fact.op in ("exists", "ne") else compare("o.choice", fact, asking)
    if fact.op == "ne":
        same = f"s.response_id = o.response_id AND {among.others('s')} AND s.choice = {asking.bind(fact.value)}"
        test = f"NOT EXISTS (SELECT 1 FROM {among.rows('s')} WHERE {same})"
    rows = f"""
SELECT o.patient_id, max(o.id) AS id, o.response_id AS row, {NUMBER.format("o")} AS value, o.choice, o.at AS taken_at FROM {among.rows("o")}
WHERE {among.of("o")} AND {test} /*for o.patient_id*/
  AND NOT EXISTS (SELECT 1 FROM {among.rows("n")} WHERE {among.others("n")} AND {LATER}) GROUP BY o.patient_id"""
    return _shown(fact, asking, rows)


def _shown(fact: Fact, asking: Asking, rows: str) -> Part:
    a = asking.alias
    evidence = (f"json_object('field', '{fact.field}', 'code', {asking.bind(fact.code)}, 'take', {asking.bind(fact.take)}, 'value', {a}.value,"
                f" 'choice', {a}.choice, 'taken_at', {a}.taken_at, 'responses', json_array({a}.row))")
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, selective=True)


# ── in words, told where no database is at hand ──

class Asked(msgspec.Struct, frozen=True, eq=False):
    """An item, and the title of its questionnaire. live: the version that is asked now has it."""

    title: Text
    item: Item
    live: bool


KNOWN: dict[str, Asked] = {}
SAID = {"min": N_("%(quantity)s (lowest)"), "max": N_("%(quantity)s (highest)"), "mean": N_("%(quantity)s (average)"),
        "count": N_("answered %(quantity)s times"), "change": N_("changed by %(quantity)s")}


def learn(db: Database) -> None:
    """What every item of a published version is called; the newest version's words count."""
    found: dict[str, Asked] = {}
    for one in questionnaires.everything(db):
        for version in reversed(questionnaires.versions(db, one.id)):
            found |= _items(one.code, version.definition, version.id == one.version_id)
    for code in KNOWN.keys() - found.keys():
        del KNOWN[code]
    KNOWN.update(found)


def follow(db: Database, heard: list[Event]) -> None:
    """A version's words are known as soon as it is published."""
    for event in heard:
        if event.kind == "questionnaire.published":
            know(event.details["code"], questionnaires.version(db, event.details["version"]).definition)


def know(code: str, definition: Definition) -> None:
    for named, asked in list(KNOWN.items()):
        if named.startswith(f"{code}/"):
            KNOWN[named] = msgspec.structs.replace(asked, live=False)
    KNOWN.update(_items(code, definition, True))


def _items(code: str, definition: Definition, live: bool) -> dict[str, Asked]:
    items = definition.by_id.values()
    return {f"{code}/{item.link_id}": Asked(definition.title, item, live) for item in items if item.type not in ("group", "display")}


def name_of(code: str) -> str:
    """The questionnaire and its question, in the reader's language."""
    asked = KNOWN.get(code)
    if asked is None:
        return code
    text = asked.item.text.said(language())[0] or asked.item.link_id
    text = text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"
    return _("%(questionnaire)s: %(question)s", questionnaire=asked.title.said(language())[0], question=text)


def choices(item: Item) -> dict[str, Text]:
    """The words an answer to it may be, as answers keep them."""
    if item.type == "boolean":
        return {"true": Text(), "false": Text()}
    return {_word(option): option.text for option in item.options} | {band.exactly: band.meaning for band in item.bands if band.exactly is not None}


def _word(option: Option) -> str:
    coding = option.value.get("valueCoding")
    return (coding.get("code") or coding.get("display") or option.code) if coding else option.code


def choice_name(code: str | None, choice: str) -> str:
    """What an option says, or what the word of a decision means."""
    text = choices(KNOWN[code].item).get(choice) if code in KNOWN else None
    return text.said(language())[0] if text else _(YES_NO.get(choice, choice))


def word_of(fact: Fact) -> str | None:
    """The option it names, of several the first; None where it compares a number."""
    if isinstance(fact.value, float | int) and fact.op in ("eq", "ne") and fact.code in KNOWN and KNOWN[fact.code].item.type == "boolean":
        return "true" if fact.value else "false"
    several = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    return next((one for one in several if isinstance(one, str)), None)


YES_NO = {"true": N_("yes"), "false": N_("no")}


def band_of(code: str, value: float | str | None) -> str:
    """What a score means, where its questionnaire says so."""
    asked = KNOWN.get(code)
    held = Decimal(str(value)) if isinstance(value, float | int) else value
    band = next((band for band in asked.item.bands if band.holds(held)), None) if asked else None
    return band.meaning.said(language())[0] if band else ""


def _told(item: dict[str, Any]) -> str:
    value = f"{item['value']:g}" if item["value"] is not None else ""
    if item["take"] in SAID:
        said = _(SAID[item["take"]], quantity=value)
    elif item.get("choice") is not None:
        said = choice_name(item["code"], item["choice"])
    elif item["code"] in KNOWN and KNOWN[item["code"]].item.type == "boolean":
        said = choice_name(item["code"], "true" if item["value"] else "false")
    else:
        meaning = band_of(item["code"], item["value"])
        said = _("%(value)s (%(meaning)s)", value=value, meaning=meaning) if meaning else value
    return " ".join(filter(None, [(item["taken_at"] or "")[:10], name_of(item["code"]), said]))


def _well_formed(code: str) -> bool:
    """What a rule rests on may have left its questionnaire since: only the form is looked at."""
    questionnaire, slash, link_id = code.partition("/")
    return bool(questionnaire and slash and link_id) and len(code) <= 400


for _name, _label in (("score", N_("Score of a questionnaire")), ("answer", N_("Answer to a question"))):
    register_field(Field(
        name=_name, label=_label, kind="answer", part=_part, told=_told, heard=HEARD, code="needed", well_formed=_well_formed,
        code_name=name_of, word=word_of, value_name=choice_name, takes=("latest", "min", "max", "mean", "count", "change"), windowed=True,
        has=N_("%(name)s answered"), has_not=N_("%(name)s not answered"),
    ))
