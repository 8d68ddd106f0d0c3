"""The sentences the timeline tells of work, made when they are read."""

from typing import Any

from app.clinic.work.pathways import pathways
from app.core import events
from app.core.access import Role
from app.core.words import N_, _


def _title(details: dict[str, Any]) -> str:
    pathway = pathways().get(details.get("pathway", ""))
    title = pathway.said(details.get("n", ""), details.get("about", ("", ""))) if pathway else "—"
    return details.get("title") or title


def _outcome(details: dict[str, Any]) -> str:
    pathway = pathways().get(details.get("pathway", ""))
    outcome = pathway.outcome(details.get("outcome", "")) if pathway else None
    return outcome.name if outcome else ""


def _telling(sentence: str):
    return lambda details: _(sentence, **{
        "title": _title(details), "outcome": _outcome(details), "due_on": details.get("due_on", "—"),
        "reason": details.get("reason", ""),
        "to": _(Role(details["role"]).label) if details.get("role") else details.get("to", "—"),
    })


def _declare(name: str, sentence: str) -> None:
    events.declare(name, sentence, clinical=True, describe=_telling(sentence))


_declare("work.created", N_("To do by %(due_on)s: %(title)s"))
_declare("work.listed", N_("On the recall list: %(title)s"))
_declare("work.scheduled", N_("From the recall list, by %(due_on)s: %(title)s"))
_declare("work.done", N_("Done: %(title)s. %(outcome)s"))
_declare("work.attempted", N_("No answer: %(title)s"))
_declare("work.postponed", N_("Moved to %(due_on)s: %(title)s. %(reason)s"))
_declare("work.reassigned", N_("Handed to %(to)s: %(title)s"))
_declare("work.withdrawn", N_("No longer needed: %(title)s"))
_declare("work.reopened", N_("Taken back: %(title)s"))
events.declare("recall.listed", N_("Made a recall list of old results"), clinical=True)
