"""A questionnaire to try: drawn and answered as a person would see it, and nothing of it is kept."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.params import FromPath

from app.clinic import questionnaires, responses
from app.clinic.questionnaires import building
from app.core import clock
from app.core.access import May
from app.core.errors import NotFound
from app.core.words import LANGUAGES, language
from app.routes.web import Fields, Page, TheDb, page, post


REPEATED = re.compile(r"^(.+)\[(\d{1,3})\]")


class Trial(msgspec.Struct, frozen=True):
    """sheet: None where the text cannot be drawn at all. findings: what the linter says of it. numbers: of the questions, by link id."""

    sheet: responses.Sheet | None
    findings: Any
    language: str
    numbers: dict[str, str] = {}


def tried(fhir: str, answers: Mapping[str, Any], spoken: str) -> Trial:
    """With these answers; the person of a trial is a woman of fifty, and no one."""
    findings = questionnaires.check(fhir)
    try:
        definition = questionnaires.read(fhir)
    except questionnaires.Unreadable:
        return Trial(None, findings, spoken)
    today = clock.today()
    context = {"patient": {"resourceType": "Patient", "gender": "female", "birthDate": str(today.year - 50)}, "today": today.isoformat()}
    given, errors, raw = questionnaires.take(definition, _repeated(definition, answers), responses.sent(answers), spoken)
    state = questionnaires.evaluate(definition, given, context)
    return Trial(responses.Sheet(definition, state, spoken, errors, raw), findings, spoken, building.numbers(definition.raw))


def _repeated(definition: questionnaires.Definition, answers: Mapping[str, Any]) -> questionnaires.Given:
    """Room for every repetition of a group the page showed, and for one more if that was asked for."""
    given: questionnaires.Given = {}
    for name in [*sorted(answers), str(answers.get("_repeat", ""))]:
        for group, n in REPEATED.findall(name) or ([(name, "1")] if name and name == answers.get("_repeat") else []):
            there = sum(1 for path in given if path.startswith(f"{group}[") and path.endswith("]"))
            if max(there, 1) <= int(n):
                given = questionnaires.repeat(definition, given, group)
    return given


@post("/manage/questionnaires/{questionnaire_id:int}/trial", needs=May.BUILD_FORMS)
def trial(db: TheDb, questionnaire_id: FromPath[int], data: Fields) -> Page:
    """What is built, or the version named, with what was answered."""
    version, draft = str(data.get("_version", "")), questionnaires.draft(db, questionnaire_id)
    asked = next((one for one in questionnaires.versions(db, questionnaire_id) if str(one.id) == version), None)
    if asked is None and draft is None:
        raise NotFound()
    spoken = str(data.get("_language", ""))
    made = tried(asked.fhir if asked else draft.fhir, data, spoken if spoken in LANGUAGES else language())
    return page("questionnaires/trial.html", "trial", trial=made, about=f"/manage/questionnaires/{questionnaire_id}", version=version)


handlers = [trial]
