"""A manager takes some people over from another, and the doctors keep a list they look at every week."""

from app.clinic import lists
from app.clinic.upkeep.demo.house import Crew
from app.core.access import Role
from app.core.db import Database

HIGH = '{"is":"fact","field":"indicator","code":"SBP","take":"latest","op":"ge","value":140}'


def settle(db: Database, crew: Crew) -> None:
    doctor, manager = crew.one(Role.DOCTOR), crew.one(Role.HEALTH_MANAGER, 1)
    lists.save(db, doctor, lists.NewView("收缩压 ≥140，两个月没联系", shared=True), lists.View(
        where=HIGH, contact="without", days=60, columns=["who", "phone", "manager", "last_contact", "due", "tags"]))
    lists.assign(db, crew.one(Role.OWNER), "manager", manager.id, sorted(crew.patients.values())[:3], "demo")
