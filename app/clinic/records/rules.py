"""Judgements about entries: same input, same answer."""

import re
import unicodedata
from datetime import date

from app.core.words import N_

# WHO ICD-10 with the longer codes of the Chinese clinical modification (I10.x00x002), kept in capitals.
_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,8})?[+*]?")
_VAGUE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def read_icd10(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    if not _ICD10.fullmatch(code):
        raise ValueError(N_("An ICD-10 code looks like I10 or E11.9. Leave it blank if you are not sure."))
    return code


def read_vague_date(text: str) -> str:
    """A year, a month or a day as people remember it: 2016, 2016-05, 2016年5月 → 2016-05."""
    plain = unicodedata.normalize("NFKC", text)
    for mark in "年月/.":
        plain = plain.replace(mark, "-")
    found = _VAGUE.fullmatch(plain.replace("日", "").replace(" ", "").rstrip("-"))
    if not found or not _exists(found.groups()):
        raise ValueError(N_("Please enter a year, a month or a day: 2016, 2016-05 or 2016-05-03."))
    return "-".join(part.zfill(2) for part in found.groups() if part)


def _exists(parts: tuple[str | None, ...]) -> bool:
    year, month, day = (int(part) if part else 1 for part in parts)
    try:
        return date(year, month, day).year >= 1880
    except ValueError:
        return False


def years_between(begin: str, end: str) -> float | None:
    """From one vague date to another; None where one is blank or they stand the wrong way round."""
    if not begin or not end:
        return None
    years = _decimal_year(end) - _decimal_year(begin)
    return years if years >= 0 else None


def _decimal_year(vague: str) -> float:
    """The middle of the time the words leave open: 2016 is the middle of 2016."""
    year, month, day = (int(part) if part else 0 for part in _VAGUE.fullmatch(vague).groups())
    if not month:
        return year + 0.5
    return year + (month - 1 + ((day - 1) / 31 if day else 0.5)) / 12


def pack_years(per_day: float | None, years: float | None) -> float | None:
    """Packs of 20 cigarettes a day times years (National Cancer Institute, Dictionary of Cancer Terms, "pack year")."""
    return None if per_day is None or years is None else per_day / 20 * years


def grams_a_day(ml: float | None, strength: float | None, days_a_week: float | None) -> float | None:
    """Pure alcohol: ml × per cent × 0.8 g/ml (酒精性肝病防治指南, as several public copies print it), spread over a week."""
    if ml is None or strength is None or days_a_week is None:
        return None
    return ml * strength / 100 * 0.8 * days_a_week / 7
