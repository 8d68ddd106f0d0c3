"""What the people with a story told of their past and their life, in their own language."""

from app.clinic import records
from app.clinic.records import (
    NewAlcohol, NewDiet, NewDisability, NewExercise, NewFamilyHistory, NewImmunization, NewInjury, NewLiving, NewNeed,
    NewPersonal, NewProcedure, NewSleep, NewSmoking, NewTransfusion, NewWish, NewWomensHealth,
)  # fmt: skip
from app.clinic.upkeep.demo.lives import Life
from app.clinic.upkeep.demo.stories import Told
from app.core import clock
from app.core.access import Actor
from app.core.db import Database

APPENDIX = Told("阑尾切除术", "Appendectomy")
COUNTY = Told("县医院", "County hospital")
WRIST = Told("左桡骨远端骨折", "Fracture of the left wrist")
BLEEDING = Told("产后出血", "Bleeding after birth")
FLU = Told("流感疫苗", "Influenza vaccine")
ZOSTER = Told("带状疱疹疫苗", "Shingles vaccine")
HYPERTENSION = Told("高血压", "Hypertension")
STROKE = Told("脑卒中", "Stroke")
WALK = Told("快走", "Brisk walking")
ALONE = Told("独居，希望有人陪同就医", "Lives alone, would like company to see the doctor")
WORRY = Told("担心跟父亲一样中风", "Worried about a stroke like father's")
WISH = Told("想看着孙女上大学；最怕给孩子添麻烦。", "Wants to see the granddaughter go to university; fears most to be a burden.")
HAN = Told("汉族", "Han")
STREET = Told("梧桐街道", "Wutong street office")


def tell(db: Database, nurse: Actor, patient_id: int, life: Life) -> None:
    """A whole record for some, a beginning for the others, and one check and one correction to look at."""
    n, woman, year = life.serial, life.person.sex == "female", clock.today().year
    if year - life.person.born.year < 20:
        return

    def say(section: str, new: object) -> int:
        return records.record(db, nurse, patient_id, records.section(section), new)

    smoking = say("smoking", _smoking(n, woman, year))
    say("personal", _personal(life))
    if n % 3 == 2:
        return
    _past(say, life, year)
    _habits(say, n, woman, life)
    records.verify(db, nurse, patient_id, records.section("smoking"), smoking, "asked")
    if not woman and n % 2 == 0:
        section = records.section("smoking")
        less = NewSmoking("current", 10, str(year - 30))
        records.correct(db, nurse, patient_id, section, smoking, less, Told("减量了", "Smokes less now").to(life.person.language))


def _smoking(n: int, woman: bool, year: int) -> NewSmoking:
    if woman:
        return NewSmoking("never")
    return NewSmoking("former", 20, str(year - 30), str(year - 4)) if n % 2 else NewSmoking("current", 20, str(year - 30))


def _personal(life: Life) -> NewPersonal:
    say = life.person.language
    return NewPersonal(
        ethnic_group=HAN.to(say), education=("junior_high", "senior_high", "college")[life.serial % 3], marital="married",
        blood_group=("A", "B", "O", "AB")[life.serial % 4], rh="positive", residence="registered", area="urban",
        registered_address=life.person.address, township=STREET.to(say), exposures=["none"], hereditary="none",
    )


def _past(say, life: Life, year: int) -> None:
    n, to, woman = life.serial, life.person.language, life.person.sex == "female"
    say("procedures", NewProcedure(APPENDIX.to(to), str(year - 21), COUNTY.to(to)))
    say("injuries", NewInjury(WRIST.to(to), str(year - 8)))
    say("immunizations", NewImmunization(FLU.to(to), f"{year - 1}-10"))
    say("immunizations", NewImmunization(ZOSTER.to(to), f"{year - 1}-04", "2/2"))
    say("family_history", NewFamilyHistory("father", STROKE.to(to), "I64", 66))
    say("family_history", NewFamilyHistory("mother", HYPERTENSION.to(to), "I10"))
    say("needs", NewNeed("psychological", WORRY.to(to)))
    say("wishes", NewWish(WISH.to(to)))
    if woman:
        say("transfusions", NewTransfusion(BLEEDING.to(to), str(year - 28)))
        say("womens_health", NewWomensHealth(14, 28, 5, menopause_age=51, pregnancies=2, births=1, cervical_check=str(year - 2)))
    if n % 4 == 0:
        say("disabilities", NewDisability("hearing", "4", str(year - 3)))
        say("needs", NewNeed("care", ALONE.to(to)))


def _habits(say, n: int, woman: bool, life: Life) -> None:
    say("alcohol", NewAlcohol("never") if woman else NewAlcohol("current", "baijiu", 100, 52, 3 + n % 4))
    say("exercise", NewExercise("weekly", 4, 30, 2, WALK.to(life.person.language)))
    say("diet", NewDiet(["salty"] if n % 2 else ["balanced"], "yes", 3))
    say("sleep", NewSleep(6.5, "fair", "no" if woman else "yes"))
    say("living", NewLiving("hood", "gas", "tap", "sanitary", "none"))
