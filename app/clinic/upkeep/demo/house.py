"""The invented clinic itself: its name, its staff, its cards."""

import secrets

import msgspec

from app.clinic import cards, staff
from app.core import settings
from app.core.access import Actor, Role
from app.core.db import Database

NAME, ADDRESS, PHONE = "和平里社区诊所（演示）", "演示市和平里 12 号", "0000-5550 1234"
STAFF = (
    ("owner", "安明远", Role.OWNER, "zh"),
    ("lin", "林文清", Role.DOCTOR, "zh"),
    ("carter", "Ruth Carter", Role.DOCTOR, "en"),
    ("zhou", "周岚", Role.NURSE, "zh"),
    ("he", "何静", Role.HEALTH_MANAGER, "zh"),
    ("ma", "马超", Role.HEALTH_MANAGER, "zh"),
    ("xu", "许佳", Role.RECEPTIONIST, "zh"),
    ("yao", "姚小山", Role.PHARMACIST, "zh"),
    ("reader", "Nora Reed", Role.READ_ONLY, "en"),
)

TABLETS = ("前台", "1 诊室")


class SignIn(msgspec.Struct, frozen=True):
    sign_in: str
    name: str
    role: str
    password: str


class Crew(msgspec.Struct):
    """Who does what in the demo, the card types, and which patient an invented person became."""

    by_role: dict[Role, list[Actor]]
    card_types: list[int]
    patients: dict[int, int] = {}

    def one(self, role: Role, n: int = 0) -> Actor:
        members = self.by_role[role]
        return members[n % len(members)]


def _more(people: int) -> list[tuple[str, str, Role, str]]:
    doctors = [(f"doctor{n}", f"医生{n}", Role.DOCTOR, "zh") for n in range(3, people // 2500 + 1)]
    managers = [(f"manager{n}", f"管理师{n}", Role.HEALTH_MANAGER, "zh") for n in range(3, people // 1500 + 1)]
    return doctors + managers


def furnish(db: Database, people: int) -> tuple[list[SignIn], Crew]:
    """Settings, staff with fresh random passwords, card types. A large clinic has more doctors and managers."""
    settings.put(db, None, clinic_name=NAME, clinic_address=ADDRESS, clinic_phone=PHONE, clinic_language="zh", reserve_mb=0)
    sign_ins, by_role = [], {}
    for sign_in, name, role, language in (*STAFF, *_more(people)):
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        id = staff.add(db, None, staff.NewMember(sign_in, name, role, language, password))
        by_role.setdefault(role, []).append(Actor(id, name, role, language))
        sign_ins.append(SignIn(sign_in, name, role, password))
    for name in TABLETS:
        staff.enrol_by_code(db, staff.announce(db, by_role[Role.OWNER][0], name), "demo")
    cards.seed(db)
    return sign_ins, Crew(by_role, [kind.id for kind in cards.types(db)])
