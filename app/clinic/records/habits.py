"""How somebody lives: smoking, alcohol, exercise, diet, sleep. Each stands once; a change is a new version."""

from datetime import date
from typing import Annotated, Literal

from app.clinic.records.choices import DRINKING, DRINKS, EXERCISE, HABITS, QUALITY, SMOKING, YES_NO
from app.clinic.records.rules import grams_a_day, pack_years, years_between
from app.clinic.records.shapes import SOURCE, Entry, Long, Said, Vague, Words, YesNo
from app.core.forms import Field

Status = Literal["never", "former", "current"]
DaysAWeek = Annotated[float | None, Field(lowest=0, highest=7)]


class NewSmoking(Said, frozen=True):
    """per_day: cigarettes. began, ended: as people remember them."""

    choices = {"status": SMOKING, **SOURCE}

    status: Status
    per_day: Annotated[float | None, Field(lowest=0, highest=200)] = None
    began: Vague = ""
    ended: Vague = ""
    note: Long = ""


class Smoking(Entry, frozen=True):
    status: str
    per_day: float | None
    began: str
    ended: str
    note: str
    sensitive: int

    def pack_years(self, today: date) -> float | None:
        """None where too little was said."""
        if self.status == "never":
            return 0.0
        end = self.ended if self.status == "former" else today.isoformat()
        return pack_years(self.per_day, years_between(self.began, end))


class NewAlcohol(Said, frozen=True):
    """drink: what is mostly drunk. ml: of it on a day when there is drinking. strength: per cent by volume, from the bottle."""

    choices = {"status": DRINKING, "drink": DRINKS, "drunk_last_year": YES_NO, **SOURCE}

    status: Status
    drink: Literal["", "baijiu", "beer", "wine", "huangjiu", "other"] = ""
    ml: Annotated[float | None, Field(lowest=0, highest=5000)] = None
    strength: Annotated[float | None, Field(lowest=0, highest=96)] = None
    days_a_week: DaysAWeek = None
    began: Vague = ""
    ended: Vague = ""
    drunk_last_year: YesNo = ""
    note: Long = ""


class Alcohol(Entry, frozen=True):
    status: str
    drink: str
    ml: float | None
    strength: float | None
    days_a_week: float | None
    began: str
    ended: str
    drunk_last_year: str
    note: str
    sensitive: int

    @property
    def grams_a_day(self) -> float | None:
        """Pure alcohol today, spread over the week; None where too little was said."""
        return grams_a_day(self.ml, self.strength, self.days_a_week) if self.status == "current" else 0.0


class NewExercise(Said, frozen=True):
    """minutes: each time. years: for how long it has been kept up."""

    choices = {"frequency": EXERCISE, **SOURCE}

    frequency: Literal["daily", "weekly", "seldom", "never"]
    days_a_week: DaysAWeek = None
    minutes: Annotated[int | None, Field(lowest=0, highest=1440)] = None
    years: Annotated[float | None, Field(lowest=0, highest=130)] = None
    kind: Words = ""
    note: Long = ""


class Exercise(Entry, frozen=True):
    frequency: str
    days_a_week: float | None
    minutes: int | None
    years: float | None
    kind: str
    note: str
    sensitive: int

    @property
    def minutes_a_week(self) -> float | None:
        """None where too little was said."""
        if self.frequency == "never":
            return 0
        days = 7 if self.frequency == "daily" and self.days_a_week is None else self.days_a_week
        return None if days is None or self.minutes is None else days * self.minutes


class NewDiet(Said, frozen=True):
    """greens_daily: vegetables or fruit every day. meals: a day."""

    choices = {"habits": HABITS, "greens_daily": YES_NO, **SOURCE}

    habits: list[Literal["balanced", "meat", "plants", "salty", "oily", "sweet"]] = []
    greens_daily: YesNo = ""
    meals: Annotated[int | None, Field(lowest=0, highest=12)] = None
    note: Long = ""


class Diet(Entry, frozen=True):
    """habits: ids with commas between."""

    habits: str
    greens_daily: str
    meals: int | None
    note: str
    sensitive: int


class NewSleep(Said, frozen=True):
    choices = {"quality": QUALITY, "snores": YES_NO, **SOURCE}

    hours: Annotated[float | None, Field(lowest=0, highest=24)] = None
    quality: Literal["", "good", "fair", "poor"] = ""
    snores: YesNo = ""
    note: Long = ""


class Sleep(Entry, frozen=True):
    hours: float | None
    quality: str
    snores: str
    note: str
    sensitive: int
