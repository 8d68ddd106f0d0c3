"""How the events of responses are told. What somebody answered in words never stands in them."""

from typing import Any

from app.clinic.responses.shapes import Response
from app.core import events
from app.core.words import N_, _, pick

TOLD = {
    "begun": N_("Questionnaire begun: %(what)s"), "completed": N_("Questionnaire answered: %(what)s"),
    "corrected": N_("Answers corrected: %(what)s (%(reason)s)"), "withdrawn": N_("Answers taken out: %(what)s (%(reason)s)"),
    "restored": N_("Answers put back: %(what)s"), "recorded": N_("Answers taken over into the record: %(what)s"),
}  # fmt: skip


def _teller(sentence: str):
    def tell(details: dict[str, Any]) -> str:
        title = pick(*(details.get("title") or ("", ""))) or details.get("code") or "—"
        told = _(sentence, what=title, reason=details.get("reason") or "—")
        return _("%(told)s; something in it could not be worked out", told=told) if details.get("problems") else told
    return tell


for _verb, _sentence in TOLD.items():
    events.declare(f"response.{_verb}", "", clinical=True, describe=_teller(_sentence))


def details_of(one: Response, reason: str = "") -> dict[str, Any]:
    """entry: where the timeline leads to."""
    said = {"entry": one.id, "response": one.id, "code": one.code, "version": one.version, "title": [one.title_zh, one.title_en or ""]}
    return said | ({"reason": reason} if reason else {})
