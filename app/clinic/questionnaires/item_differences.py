"""What changed in one item: its words, its options, when it is asked, and what its results mean."""

from collections.abc import Callable, Iterator
from typing import Any

from app.clinic.questionnaires.building.kinds import ALL, kind_of
from app.clinic.questionnaires.difference import Difference, about, label, rest, reworded
from app.clinic.questionnaires.extensions import HL7, OURS
from app.clinic.questionnaires.shapes import Band, Item, Option
from app.core.words import N_

TOLD = {
    "linkId", "text", "_text", "prefix", "_prefix", "type", "required", "repeats", "readOnly", "answerOption", "answerValueSet", "enableWhen",
    "enableBehavior", "initial", "maxLength", "item", "code", "enableWhenExpression", "calculatedExpression", "initialExpression",
    "observationExtract", "observationLinkPeriod", f"{HL7}questionnaire-hidden", f"{HL7}questionnaire-itemControl",
    f"{HL7}questionnaire-choiceOrientation", f"{HL7}questionnaire-unit", f"{HL7}questionnaire-unitOption", f"{HL7}minValue", f"{HL7}maxValue",
    f"{HL7}maxDecimalPlaces", f"{HL7}mimeType", f"{OURS}score", f"{OURS}band", f"{OURS}alarm", f"{OURS}record", f"{OURS}indicator",
    f"{OURS}for-sex",
}  # fmt: skip

# What is one sentence when anything of it changed.
ASPECTS: tuple[tuple[str, Callable[[Item], Any]], ...] = (
    (N_("“%(item)s” is asked under other conditions."), lambda item: (
        [(row.question, row.operator, row.answer) for row in item.conditions], item.every if len(item.conditions) > 1 else None, item.enabled_by, item.for_sex,
    )),
    (N_("“%(item)s” is worked out differently."), lambda item: item.calculated),
    (N_("“%(item)s” begins with something else."), lambda item: (item.initial, item.begins_with, [option.code for option in item.options if option.initial])),
    (N_("“%(item)s” takes other values, or in other units."), lambda item: (
        item.low, item.high, item.decimals, item.longest, item.unit, item.units, item.media,
    )),
    (N_("“%(item)s” calls a person at other answers, or for something else."), lambda item: item.alarm),
    (N_("“%(item)s” belongs elsewhere in the record."), lambda item: (item.record, item.indicator, item.extract, item.period, item.raw.get("code"))),
    (N_("“%(item)s” is shown in another way."), lambda item: (item.hidden, item.read_only, item.control, item.orientation, item.prefix)),
    (N_("Details of “%(item)s” were changed."), lambda item: rest(item.raw, TOLD)),
)  # fmt: skip


def changed_in(old: Item, new: Item) -> Iterator[Difference]:
    yield from reworded(old.text, new.text, new.link_id)
    kinds = kind_of(old.raw), kind_of(new.raw)
    if kinds[0] != kinds[1]:
        labels = {name: kind.label for name, kind in ALL.items()}
        yield about(new, N_("“%(item)s” was: %(before)s. Now: %(after)s."), before=label(labels, kinds[0]), after=label(labels, kinds[1]))
    elif old.repeats != new.repeats:
        yield about(new, N_("“%(item)s” takes several answers now.") if new.repeats else N_("“%(item)s” takes one answer now."))
    if old.required != new.required:
        yield about(new, N_("“%(item)s” must be answered now.") if new.required else N_("“%(item)s” may be left blank now."))
    yield from _options(old, new)
    yield from _bands(old, new)
    for message, aspect in ASPECTS:
        if aspect(old) != aspect(new):
            yield about(new, message)




def _options(old: Item, new: Item) -> Iterator[Difference]:
    before, after = ({option.code: option for option in item.options} for item in (old, new))
    for code in (code for code in before if code not in after):
        yield about(new, N_("“%(item)s” no longer offers “%(option)s”."), option=before[code].text)
    for code, option in after.items():
        if code not in before:
            yield about(new, N_("“%(item)s” offers “%(option)s” now."), option=option.text)
        else:
            yield from _option(new, before[code], option)
    common = [code for code in before if code in after], [code for code in after if code in before]
    if common[0] != common[1]:
        yield about(new, N_("The options of “%(item)s” stand in another order."))


def _option(item: Item, old: Option, new: Option) -> Iterator[Difference]:
    yield from reworded(old.text, new.text, item.link_id)
    if old.ordinal != new.ordinal:
        counts = {"before": _number(old.ordinal), "after": _number(new.ordinal)}
        yield about(item, N_("“%(item)s”: “%(option)s” counts %(after)s now, before %(before)s."), option=new.text, **counts)
    if (old.prefix, _system(old)) != (new.prefix, _system(new)):
        yield about(item, N_("“%(item)s”: “%(option)s” has another code or mark."), option=new.text)
    if old.exclusive != new.exclusive:
        alone, together = N_("“%(item)s”: “%(option)s” stands alone now."), N_("“%(item)s”: “%(option)s” may go with others now.")
        yield about(item, alone if new.exclusive else together, option=new.text)


def _system(option: Option) -> Any:
    return option.value.get("valueCoding", {}).get("system")


def _number(number: Any) -> str:
    return "—" if number is None else str(number)


def _bands(old: Item, new: Item) -> Iterator[Difference]:
    before, after = ({band.code: band for band in item.bands} for item in (old, new))
    for code in (code for code in before if code not in after):
        yield about(new, N_("“%(item)s”: the result “%(band)s” is no longer there."), band=before[code].meaning)
    for code, band in after.items():
        if code not in before:
            yield about(new, N_("“%(item)s”: the result “%(band)s” is new."), band=band.meaning)
        else:
            yield from _band(new, before[code], band)


def _band(item: Item, old: Band, new: Band) -> Iterator[Difference]:
    yield from reworded(old.meaning, new.meaning, item.link_id)
    if _range(old) != _range(new):
        ranges = {"before": _range(old), "after": _range(new)}
        yield about(item, N_("“%(item)s”: the result “%(band)s” is %(after)s now, before %(before)s."), band=new.meaning, **ranges)
    if (old.level, old.tag, old.work, old.status, old.source) != (new.level, new.tag, new.work, new.status, new.source):
        yield about(item, N_("“%(item)s”: the result “%(band)s” leads to something else, or rests on something else."), band=new.meaning)


def _range(band: Band) -> str:
    return band.exactly if band.exactly is not None else f"{_number(band.low)}–{_number(band.high)}"
