"""The shipped data: sound, bilingual, honest about what is unverified."""

import msgspec
import pytest

from app.clinic import catalogue
from app.clinic.catalogue import Range, Unit, files, sources
from app.core import words

ALL = catalogue.indicators()
CHECKUP = """AST ALT ALP GGT TP ALB GLB AG TG TC HDL LDL UREA CREA UA HBSAG HBSAB HBEAG HBEAB HBCAB WBC RBC HGB HCT
MCV MCH MCHC RDW_CV PLT MPV PDW PCT NEUT_PCT LYMPH_PCT MONO_PCT EOS_PCT BASO_PCT GLU""".split()


def test_the_shipped_catalogue_is_sound():
    assert catalogue.check() == []


def test_every_column_of_a_usual_checkup_is_known():
    assert len(CHECKUP) == 38 and set(CHECKUP) <= set(ALL)


@pytest.mark.parametrize("indicator", ALL.values(), ids=lambda i: i.code)
def test_every_indicator_says_where_it_is_from(indicator):
    assert indicator.loinc and indicator.loinc_check
    for range in indicator.ranges:
        assert range.source and range.status[0] in "VCFUP"


def test_critical_only_where_a_source_is_named():
    critical = {i.code for i in ALL.values() if i.critical_low is not None or i.critical_high is not None}
    assert critical == {"SBP", "DBP"}
    assert all("1" in ALL[code].critical_source for code in critical)


def broken(whose, **changes):
    file = files.load()
    changed = [msgspec.structs.replace(i, **changes) if i.code == whose else i for i in file.indicators]
    return files.faults(msgspec.structs.replace(file, indicators=changed))


@pytest.mark.parametrize(
    "changes, fault",
    [({"category": "nowhere"}, "unknown category"), ({"zh": " "}, "a name is missing"),
     ({"code": "DBP"}, "defined twice"), ({"units": (Unit("kPa", 0),)}, "factor"),
     ({"units": (Unit("mmHg", 1),)}, "stands twice"),
     ({"ranges": (Range("range", "x", "V", low=9, high=3),)}, "upside down"),
     ({"ranges": (Range("range", "", "V", high=3),)}, "without source"),
     ({"ranges": (Range("range", "x", "V", high=3, limit=3),)}, "limit"),
     ({"ranges": (Range("range", "x", "V"),)}, "without ends"),
     ({"ranges": (Range("qualitative", "x", "V"),)}, "words expected"),
     ({"soft": (1, 999)}, "beyond the hard"), ({"hard": (5, 5)}, "hard limits"),
     ({"critical_source": ""}, "critical limit without"), ({"plausible_source": ""}, "plausible limits without")],
)  # fmt: skip
def test_the_loader_finds(changes, fault):
    assert any(fault in line for line in broken("SBP", **changes))


@pytest.mark.parametrize("language, neutral", [("zh", "医生"), ("en", "doctor")])
def test_sentences(language, neutral):
    sourced = catalogue.sentence("SBP", "high", language)
    assert sourced.source and sourced.status == "V"
    plain = catalogue.sentence("ALT", "high", language)
    assert neutral in plain.text and not plain.source
    assert catalogue.sentence("ALT", "normal", language).text != plain.text
    assert all(fact.source for fact in catalogue.advice("BMI", "high", language))
    assert catalogue.advice("BMI", "low", language) == []


def test_sources_are_told_in_the_readers_language():
    source = ALL["SBP"].ranges[0].source
    with words.speaking("zh"):
        assert catalogue.told(source) == "中国高血压指南（140 起诊断）"
        assert catalogue.told("our own device") == "our own device"
    with words.speaking("en"):
        assert catalogue.told(source) == source
    strange = msgspec.structs.replace(ALL["SBP"], notes="nobody translated this")
    assert sources.faults([strange])[0] == "no Chinese for: nobody translated this"
