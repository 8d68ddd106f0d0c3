"""Plain sentences about a result for the person it belongs to: sourced, or the neutral one."""

from functools import cache

import msgspec

from app.clinic.catalogue.files import FOLDER, indicators
from app.clinic.catalogue.shapes import Level, Sentence
from app.core.words import N_, _, speaking

NEUTRAL = N_("Outside your laboratory's range; please ask your doctor what it means for you.")
UNJUDGED = N_("No range applies to this result here.")
NORMAL = N_("Within the expected range.")


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    levels: tuple[Level, ...]
    source: str
    status: str
    zh: str
    en: str


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: dict[str, Pair]
    meanings: list[Fact]
    advice: list[Fact]


@cache
def _load() -> File:
    return msgspec.json.decode((FOLDER / "sentences.json").read_bytes(), type=File)


def sentence(code: str, level: Level | None, language: str) -> Sentence:
    """What a level means in one sentence, with its source and status; the neutral one has neither."""
    if said := _about(_load().meanings, code, level, language):
        return said[0]
    with speaking(language):
        if level == "normal":
            return Sentence(_(NORMAL))
        return Sentence(_(NEUTRAL) if level else _(UNJUDGED))


def advice(code: str, level: Level | None, language: str) -> list[Sentence]:
    """Sourced facts on what helps; empty where no verified source says anything."""
    return _about(_load().advice, code, level, language)


def _about(facts: list[Fact], code: str, level: Level | None, language: str) -> list[Sentence]:
    sources = _load().sources
    return [
        Sentence(getattr(fact, language), getattr(sources[fact.source], language), fact.status)
        for fact in facts
        if code in fact.codes and level in fact.levels and not fact.status.startswith("U")
    ]


def faults() -> list[str]:
    file = _load()
    found = []
    for fact in [*file.meanings, *file.advice]:
        if fact.source not in file.sources:
            found.append(f"sentence about {fact.codes}: unknown source {fact.source}")
        found += [f"sentence about unknown indicator {code}" for code in fact.codes if code not in indicators()]
        if not (fact.zh and fact.en):
            found.append(f"sentence about {fact.codes}: a language is missing")
    return found
