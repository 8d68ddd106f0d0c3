"""Invented bodies: values that hang together, drift over the years and scatter from visit to visit.

Everything here is made up to look believable; nothing is taken from anybody, and none of it is a
clinical statement.
"""

from random import Random

import msgspec


class Body(msgspec.Struct):
    """What a person's values are made from. Shifts are added; slopes are per year; year 0 is the first visit."""

    male: bool
    height: float
    bmi: float
    bmi_slope: float = 0.12
    pressure: float = 0.0
    pressure_slope: float = 0.6
    treated_from: float | None = None  # the year since the first visit in which the pressure tablets began
    sugar: float = 0.0
    sugar_slope: float = 0.02
    lipids: float = 0.0
    kidney_slope: float = 0.0  # part of the creatinine gained per year
    uric: float = 0.0
    liver: float = 0.0
    blood: float = 0.0


QUICK = ("SBP", "DBP", "WEIGHT", "FPG", "TC", "TG", "HDL", "LDL", "CREA", "UA")
FULL = ("SBP", "DBP", "HR", "HEIGHT", "WEIGHT", "WAIST", "FPG", "HBA1C", "TC", "TG", "HDL", "LDL", "CREA", "UREA", "UA",
        "ALT", "AST", "GGT", "TBIL", "WBC", "RBC", "HGB", "PLT")  # fmt: skip
DECIMALS = {"SBP": 0, "DBP": 0, "HR": 0, "HEIGHT": 1, "WEIGHT": 1, "WAIST": 1, "FPG": 2, "HBA1C": 1, "TC": 2, "TG": 2,
            "HDL": 2, "LDL": 2, "CREA": 0, "UREA": 1, "UA": 0, "ALT": 0, "AST": 0, "GGT": 0, "TBIL": 1, "WBC": 1, "RBC": 2,
            "HGB": 0, "PLT": 0}  # fmt: skip


def body(random: Random, male: bool, age: int) -> Body:
    """Somebody off the street: one in five heavy, pressure and sugar rising with age and weight."""
    g = random.gauss
    bmi = min(38.0, max(17.0, g(24.0, 3.1)))
    return Body(
        male, round(g(171, 6.0) if male else g(159, 5.5), 1), bmi, g(0.1, 0.2),
        pressure=g(0, 8) + (16 if random.random() < age / 320 else 0), pressure_slope=g(0.5, 0.5),
        treated_from=random.choice((None, None, 1.0, 2.0)),
        sugar=max(-0.5, g(0, 0.3)) + (random.choice((1.2, 2.4, 4.0)) if random.random() < age / 700 else 0),
        sugar_slope=max(0.0, g(0.03, 0.04)), lipids=g(0, 0.7), uric=g(0, 50),
        kidney_slope=max(0.0, g(0.0, 0.01)) + (0.05 if random.random() < 0.02 else 0),
        liver=max(0.0, g(0, 8)) + (35 if random.random() < 0.05 else 0), blood=g(0, 7) - (25 if random.random() < 0.03 else 0),
    )


def child(random: Random, male: bool, age: int) -> Body:
    return Body(male, round(80 + 6 * age + random.gauss(0, 4), 1), 14.0 + 0.35 * age, 0.0, pressure=-8)


def panel(random: Random, body: Body, age: float, year: float, codes: tuple[str, ...]) -> dict[str, float]:
    """One visit's values by indicator, in the catalogue's units."""
    values = _values(random.gauss, body, age, year)
    return {code: round(values[code], DECIMALS[code]) for code in codes}


def _values(g, body: Body, age: float, year: float) -> dict[str, float]:
    bmi = body.bmi + body.bmi_slope * year + g(0, 0.25)
    heavy, grown = bmi - 24, max(0.0, age - 20)
    treated = -17 if body.treated_from is not None and body.pressure > 10 and year >= body.treated_from else 0
    sbp = 107 + 0.32 * grown + 0.9 * heavy + body.pressure + body.pressure_slope * year + treated + g(0, 5)
    fpg = max(3.6, 4.9 + 0.008 * grown + 0.04 * heavy + body.sugar + body.sugar_slope * year + g(0, 0.25))
    tg = max(0.4, 1.25 + 0.09 * heavy + 0.45 * body.lipids + abs(g(0, 0.3)))
    hdl = max(0.7, (1.28 if body.male else 1.48) - 0.025 * heavy + g(0, 0.1))
    tc = max(2.6, 4.65 + 0.006 * grown + body.lipids + g(0, 0.25))
    return _slim(body, bmi, sbp, g) | {
        "FPG": fpg, "HBA1C": 2.6 + 0.54 * fpg + g(0, 0.15), "TC": tc, "TG": tg, "HDL": hdl,
        "LDL": max(0.8, tc - hdl - tg / 2.2),
    } | _blood(body, heavy, grown, year, g)


def _slim(body: Body, bmi: float, sbp: float, g) -> dict[str, float]:
    return {
        "SBP": sbp, "DBP": min(sbp - 25, 26 + 0.42 * sbp + g(0, 4)), "HR": 72 + g(0, 7), "HEIGHT": body.height,
        "WEIGHT": bmi * (body.height / 100) ** 2, "WAIST": 2.35 * bmi + (28 if body.male else 23) + g(0, 1.5),
    }


def _blood(body: Body, heavy: float, grown: float, year: float, g) -> dict[str, float]:
    male = body.male
    alt = max(6.0, 17 + 1.2 * heavy + body.liver + g(0, 4))
    return {
        "CREA": ((76 if male else 57) + 0.12 * grown) * (1 + body.kidney_slope * year) + g(0, 3),
        "UREA": max(2.2, 4.8 + 0.012 * grown + 12 * body.kidney_slope * year + g(0, 0.6)),
        "UA": max(120.0, (345 if male else 265) + 6 * heavy + body.uric + g(0, 18)),
        "ALT": alt, "AST": max(8.0, 9 + 0.65 * alt + g(0, 3)), "GGT": max(8.0, (28 if male else 19) + body.liver + g(0, 4)),
        "TBIL": max(4.0, 12 + g(0, 3)), "WBC": max(2.5, 6.1 + g(0, 1.0)), "RBC": (4.9 if male else 4.4) + body.blood / 45 + g(0, 0.1),
        "HGB": (149 if male else 131) + body.blood + g(0, 3), "PLT": max(90.0, 228 + g(0, 38)),
    }
