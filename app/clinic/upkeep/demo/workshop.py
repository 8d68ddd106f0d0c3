"""A questionnaire of the clinic's own, built the way a nurse builds one: published, and its next version begun."""

from app.clinic import questionnaires
from app.clinic.questionnaires import building
from app.clinic.upkeep.demo.house import Crew
from app.core import fhirjson
from app.core.access import Role
from app.core.db import Database

OFTEN = [("从不", "Never", "0"), ("有时", "Sometimes", "1"), ("经常", "Often", "2")]
ASKED = [("您晚上打鼾吗？", "Do you snore at night?"), ("白天犯困吗？", "Are you sleepy during the day?")]
RANGES = [("2", "睡得还好", "Sleeps well", "none"), ("4", "睡眠要留意", "Sleep to keep an eye on", "info")]


def settle(db: Database, crew: Crew) -> None:
    nurse = crew.one(Role.NURSE)
    resource = _built()
    id = questionnaires.begin(db, nurse, fhirjson.dumps(resource))
    questionnaires.publish(db, nurse, id, 1)
    questionnaires.revise(db, nurse, id)
    further = building.edit(resource, "q2", {}, "add long")
    said = building.edit(further.resource, further.at, {"text_zh": "睡前一般做什么？", "text_en": "What do you do before going to bed?"})
    questionnaires.keep_draft(db, nurse, id, fhirjson.dumps(said.resource), 1)


def _built() -> dict:
    resource, at = building.blank("睡眠小问卷", "A few questions about sleep", "patient"), ""
    for zh, en in ASKED:
        resource, at = _press(resource, at, {}, "add one")
        resource, at = _press(resource, at, {"text_zh": zh, "text_en": en}, "like q1" if at != "q1" else "")
        for n, (option_zh, option_en, points) in enumerate(OFTEN if at == "q1" else []):
            resource, at = _press(resource, at, {}, "option" if n > 1 else "")
            resource, at = _press(resource, at, {f"option.{n}.zh": option_zh, f"option.{n}.en": option_en, f"option.{n}.score": points})
    resource, at = _press(resource, at, {}, "add score")
    resource, at = _press(resource, at, {"text_zh": "睡眠得分", "text_en": "Sleep score", "way": "sum", "of": ["q1", "q2"], "boxes": ["whole"], "whole": "on"})
    for n, (high, zh, en, level) in enumerate(RANGES):
        resource, at = _press(resource, at, {}, "band")
        said = {"high": high, "meaning_zh": zh, "meaning_en": en, "level": level}
        resource, at = _press(resource, at, {f"band.{n}.{name}": text for name, text in said.items()} | {"band_source": "演示诊所自定"})
    return resource


def _press(resource: dict, at: str, typed: dict, change: str = "") -> tuple[dict, str]:
    edited = building.edit(resource, at, typed, change)
    return edited.resource, edited.at
