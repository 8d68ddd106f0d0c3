"""Who somebody is and where they live, women's health, what they need, and what matters to them."""

from typing import Annotated, Literal

from app.clinic.records.choices import (
    ANIMALS,
    AREAS,
    BLOOD,
    EDUCATIONS,
    EXPOSURES,
    FUELS,
    HEREDITARY,
    KITCHENS,
    MARITAL,
    NEEDS,
    OPEN,
    RESIDENCES,
    RH,
    TOILETS,
    WATERS,
    YES_NO,
)
from app.clinic.records.shapes import SOURCE, Entry, Long, Said, Vague, Words, YesNo
from app.core.forms import Field


class NewNeed(Said, frozen=True):
    choices = {"kind": NEEDS, "status": OPEN, **SOURCE}

    kind: Literal["social", "psychological", "money", "care", "other"]
    text: Words
    status: Literal["open", "met"] = "open"
    note: Long = ""


class Need(Entry, frozen=True):
    kind: str
    text: str
    status: str
    note: str
    sensitive: int

    def over(self, _day: str) -> bool:
        return self.status == "met"


class NewWish(Said, frozen=True):
    """text: in the person's own words."""

    choices = SOURCE

    text: Long


class Wish(Entry, frozen=True):
    text: str
    sensitive: int


class NewWomensHealth(Said, frozen=True):
    """Ages in years; cycle_days and period_days as they usually are. *_check: when last."""

    choices = {"pregnant": YES_NO, **SOURCE}

    menarche_age: Annotated[int | None, Field(lowest=5, highest=30)] = None
    cycle_days: Annotated[int | None, Field(lowest=10, highest=180)] = None
    period_days: Annotated[int | None, Field(lowest=1, highest=60)] = None
    last_period: Vague = ""
    menopause_age: Annotated[int | None, Field(lowest=20, highest=80)] = None
    pregnancies: Annotated[int | None, Field(lowest=0, highest=40)] = None
    births: Annotated[int | None, Field(lowest=0, highest=30)] = None
    pregnant: YesNo = ""
    contraception: Words = ""
    cervical_check: Vague = ""
    breast_check: Vague = ""
    note: Long = ""


class WomensHealth(Entry, frozen=True):
    menarche_age: int | None
    cycle_days: int | None
    period_days: int | None
    last_period: str
    menopause_age: int | None
    pregnancies: int | None
    births: int | None
    pregnant: str
    contraception: str
    cervical_check: str
    breast_check: str
    note: str
    sensitive: int


class NewLiving(Said, frozen=True):
    choices = {
        "kitchen": KITCHENS, "fuel": FUELS, "water": WATERS, "toilet": TOILETS, "animals": ANIMALS, **SOURCE,
    }

    kitchen: Literal["", "none", "hood", "fan", "chimney"] = ""
    fuel: Literal["", "lpg", "coal", "gas", "biogas", "wood", "other"] = ""
    water: Literal["", "tap", "filtered", "well", "river", "pond", "other"] = ""
    toilet: Literal["", "sanitary", "pit", "bucket", "open", "shed"] = ""
    animals: Literal["", "none", "separate", "indoors", "outdoors"] = ""
    note: Long = ""


class Living(Entry, frozen=True):
    kitchen: str
    fuel: str
    water: str
    toilet: str
    animals: str
    note: str
    sensitive: int


class NewPersonal(Said, frozen=True):
    """registered_address, township, village: as the file's cover asks. exposures: ever, at work or elsewhere."""

    choices = {
        "education": EDUCATIONS, "marital": MARITAL, "blood_group": BLOOD, "rh": RH, "residence": RESIDENCES, "area": AREAS,
        "exposures": EXPOSURES, "hereditary": HEREDITARY, **SOURCE,
    }

    ethnic_group: Words = ""
    education: Literal[
        "", "postgraduate", "university", "college", "secondary_vocational", "technical_school", "senior_high", "junior_high",
        "primary", "illiterate", "unknown",
    ] = ""
    marital: Literal["", "single", "married", "widowed", "divorced", "unsaid"] = ""
    blood_group: Literal["", "A", "B", "O", "AB", "unknown"] = ""
    rh: Literal["", "negative", "positive", "unknown"] = ""
    residence: Literal["", "registered", "not_registered"] = ""
    area: Literal["", "urban", "rural"] = ""
    registered_address: Words = ""
    township: Words = ""
    village: Words = ""
    exposures: list[Literal["none", "chemicals", "poisons", "radiation"]] = []
    exposure_note: Words = ""
    hereditary: Literal["", "none", "yes"] = ""
    hereditary_note: Words = ""


class Personal(Entry, frozen=True):
    """exposures: ids with commas between."""

    ethnic_group: str
    education: str
    marital: str
    blood_group: str
    rh: str
    residence: str
    area: str
    registered_address: str
    township: str
    village: str
    exposures: str
    exposure_note: str
    hereditary: str
    hereditary_note: str
    sensitive: int
