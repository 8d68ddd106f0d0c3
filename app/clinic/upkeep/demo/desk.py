"""What the desk asked of invented people besides who they are: the guardian of a child, whom to call, work, payment, a passport."""

from random import Random
from typing import Any

from app.clinic.patients import Phone, Related
from app.clinic.upkeep.demo.lives import Life

OF_AGE = 14
WORK = (
    ("professional", "第三中学", "employee"), ("worker", "纺织二厂", "employee"), ("trade", "", "resident"), ("farmer", "", "rural"),
    ("clerk", "槐树街道办事处", "employee"), ("none", "", "resident"),
)
CAME = ("walk_in", "friend", "examination", "referral", "employer")


def asked(life: Life, age: float, random: Random) -> dict[str, Any]:
    """More of a NewPatient. Those of the crowd were asked little."""
    surname, serial = life.person.name[:1], life.serial
    more: dict[str, Any] = {}
    if not life.person.document:
        more["identifiers"] = (("passport", f"ZZ{serial:07d}"),)  # a country that does not exist
    if age < OF_AGE:
        more |= {
            "related": (Related("guardian", f"{surname}建国", "parent", life.person.phone),),
            "owners": (Phone(life.person.phone, "parent", f"{surname}建国"),),
        }
    elif life.story:
        more |= _told(surname, serial, random)
    return more


def _told(surname: str, serial: int, random: Random) -> dict[str, Any]:
    occupation, workplace, payment = random.choice(WORK)
    more = {"occupation": occupation, "workplace": workplace, "payment": (payment,), "source": random.choice(CAME)}
    if serial % 3 == 0:
        more["related"] = (Related("emergency", f"{surname}晓燕", "child", f"1009{serial:07d}"),)
    if serial % 4 == 0:
        more["channels"] = (("phone", serial % 8 != 4), ("wechat", True), ("visit", False))
    return more
