"""Values computed from measured ones. Same inputs, same answer."""

from app.clinic.catalogue import ADULT

# weight and height; creatinine
INPUTS = {"BMI": ("WEIGHT", "HEIGHT"), "EGFR": ("CREA",)}
UMOL_PER_MG_DL = 88.4


def bmi(weight: float, height: float) -> float | None:
    """kg, cm → kg/m2."""
    return round(weight / (height / 100) ** 2, 2) if weight > 0 and height > 0 else None


def egfr(creatinine: float, sex: str, age: int | None) -> float | None:
    """µmol/L → mL/min/1.73 m2 by CKD-EPI 2021 (Inker, N Engl J Med 2021;385:1737); adults of known sex only."""
    if age is None or age < ADULT or sex not in ("male", "female") or creatinine <= 0:
        return None
    k, a, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine / UMOL_PER_MG_DL / k
    return round(142 * min(ratio, 1) ** a * max(ratio, 1) ** -1.200 * 0.9938**age * factor, 2)


def compute(code: str, values: dict[str, float], sex: str, age: int | None) -> float | None:
    """None where an input is missing or the formula does not hold for this person."""
    if any(name not in values for name in INPUTS[code]):
        return None
    if code == "BMI":
        return bmi(values["WEIGHT"], values["HEIGHT"])
    return egfr(values["CREA"], sex, age)
