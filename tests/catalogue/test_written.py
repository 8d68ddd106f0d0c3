"""Reading results as they are written, units both ways, and printing them."""

import pytest

from app.clinic import catalogue
from app.core import words
from app.clinic.catalogue import NBSP, Reported, read

ALL = catalogue.indicators()


@pytest.mark.parametrize(
    "written, expected",
    [("0", Reported(0.0)), ("12.3", Reported(12.3)), (" １２．３ ", Reported(12.3)), (".5", Reported(0.5)),
     ("5.", Reported(5.0)), ("-3", Reported(-3.0)), ("5,2", Reported(5.2)), ("1,234", Reported(1234.0)),
     ("1,234.5", Reported(1234.5)), ("1.2e3", Reported(1200.0)), ("12.3↑", Reported(12.3)), ("5.2 H", Reported(5.2)),
     ("<2", Reported(2.0, "<")), ("＜ ０.５", Reported(0.5, "<")), ("＞100", Reported(100.0, ">")),
     ("≤3", Reported(3.0, "<=")), (">=7", Reported(7.0, ">=")), ("0.01(阴性)", Reported(0.01, None, "阴性")),
     ("阴性(-)", Reported(text="阴性(-)")), ("1+", Reported(text="1+")), ("+1", Reported(text="+1")),
     ("-", Reported(text="-")), ("120/80", Reported(text="120/80")), ("1e999", Reported(text="1e999")),
     ("nan", Reported(text="nan")), ("", None), ("  ", None)],
)  # fmt: skip
def test_read(written, expected):
    assert read(written) == expected


@pytest.mark.parametrize(
    "code, value, unit, own",
    [("FPG", 126.112, "mg/dL", 7.0), ("CREA", 1, "mg/dl", 88.4), ("HCT", 0.479, "L/L", 47.9), ("TEMP", 98.6, "°F", 37.0),
     ("TEMP", 37, "℃", 37), ("WBC", 5, "10^9/L", 5), ("WBC", 5, "×10⁹/L", 5), ("WBC", 5, "10*9/L", 5),
     ("WEIGHT", 120, "斤", 60), ("HBA1C", 48, "mmol/mol", 6.54304), ("UA", 300, "umol/l", 300), ("ALT", 20, "IU/L", 20),
     ("FPG", 5, "", 5), ("FPG", 5, None, 5), ("FPG", 0, "mg/dL", 0)],
)  # fmt: skip
def test_units_to_our_own(code, value, unit, own):
    assert catalogue.to_unit(code, value, unit) == pytest.approx(own, rel=2e-5)


def test_an_unknown_unit_is_not_guessed():
    assert catalogue.to_unit("FPG", 5, "furlong") is None


@pytest.mark.parametrize("indicator", [i for i in ALL.values() if i.units], ids=lambda i: i.code)
def test_units_there_and_back(indicator):
    for unit in indicator.units:
        for value in (0.0, 0.37, 5.61, 88.4, 1234.5):
            there = value * unit.factor + unit.offset
            rounded = 0 if unit.decimals is None else 0.5 * 10**-unit.decimals + 1e-9
            assert catalogue.to_own(there, unit) == pytest.approx(value, rel=1e-4, abs=max(1e-3, rounded))


@pytest.mark.parametrize(
    "code, value, comparator, expected",
    [("SBP", 120.0, None, f"120{NBSP}mmHg"), ("FPG", 6.1, None, f"6.10{NBSP}mmol/L"), ("CRP", 0.5, "<", f"<0.5{NBSP}mg/L"),
     ("CRP", 200, ">=", f"≥200.0{NBSP}mg/L"), ("TBIL", 26.04, None, f"26.04{NBSP}µmol/L"), ("SBP", 139.6, None, f"139.6{NBSP}mmHg"),
     ("FPG", 2.675, None, f"2.68{NBSP}mmol/L"), ("AG", 1.5, None, "1.50"), ("HGB", 0, None, f"0{NBSP}g/L")],
)  # fmt: skip
def test_printing_never_rounds_across_a_limit(code, value, comparator, expected):
    assert catalogue.quantity(ALL[code], value, comparator=comparator) == expected


def test_words_are_printed_as_they_are():
    assert catalogue.quantity(ALL["U_PRO"], None, "1+") == "1+"


@pytest.mark.parametrize("low, high, text", [(3.9, 6.0, "3.9–6.0"), (None, 26.0, "≤26"), (60, None, "≥60"), (None, None, "")])
def test_ranges_in_words(low, high, text):
    assert catalogue.ends_text(low, high) == text


def test_a_named_limit_is_printed_as_one():
    assert catalogue.range_text(ALL["SBP"].ranges[0]) == "<140"


@pytest.mark.parametrize(("written", "en", "zh"), [
    ("阳性", "positive", "阳性"), ("Negative", "negative", "阴性"), ("弱阳性", "weakly positive", "弱阳性"),
    ("阳性(+)", "阳性(+)", "阳性(+)"), ("少量", "少量", "少量"), ("1+", "1+", "1+"),
])
def test_plain_words_are_said_in_the_readers_language_and_others_kept(written: str, en: str, zh: str) -> None:
    assert catalogue.said(written) == en
    with words.speaking("zh"):
        assert catalogue.said(written) == zh


@pytest.mark.parametrize(("code", "written", "level"), [
    ("FPG", 126, 7.0), ("FPG", 125, 6.9), ("FPG", 110, 6.1), ("PG2H", 140, 7.8), ("PG2H", 139, 7.7), ("PG2H", 200, 11.1),
    ("PG2H", 199, 11.0),
])
def test_the_criterias_pairs_in_both_units_are_one_value(code: str, written: float, level: float) -> None:
    """WHO's criteria as printed in BMJ Open 2017;7:e013953, table 1, and Syst Rev 2020 (s13643-020-01417-3), table 2."""
    assert catalogue.to_unit(code, written, "mg/dL") == level
