"""What a list is narrowed by, in the reader's words; the audit keeps the same words with what went out."""

from app.clinic import cards, criteria, patients, staff, tags
from app.clinic.lists.shapes import CONTACTS, LACKS, STATES, View
from app.core.db import Database
from app.core.words import N_, _


def sentence(db: Database, view: View) -> str:
    """Blank for everybody."""
    parts = [*_crew(db, view), *_person(view), *_card(db, view)]
    if view.tag:
        tags.rules(db)  # so that names are known
        parts.append(_("Tag: %(name)s", name=tags.name_of(view.tag)))
    if view.contact:
        parts.append(_contact(view))
    if view.missing:
        parts.append(_("Missing: %(what)s", what=_(" or ").join(_(LACKS[name]) for name in view.missing)))
    if view.where:
        parts.append(criteria.sentence(tags.tree_of(view.where)))
    return _("; ").join(parts)


def _crew(db: Database, view: View) -> list[str]:
    names = staff.names(db) if view.doctor or view.manager else {}
    said = []
    if view.doctor:
        said.append(_("Doctor: %(name)s", name=_name(names, view.doctor)))
    if view.manager:
        said.append(_("Health manager: %(name)s", name=_name(names, view.manager)))
    return said


def _name(names: dict[int, str], chosen: str) -> str:
    return _("nobody") if chosen == "0" else names.get(int(chosen), chosen)


def _person(view: View) -> list[str]:
    said = [_(patients.SEXES[view.sex])] if view.sex else []
    if view.age_from is not None and view.age_to is not None:
        said.append(_("aged %(low)s to %(high)s", low=view.age_from, high=view.age_to))
    elif view.age_from is not None:
        said.append(_("aged %(low)s or more", low=view.age_from))
    elif view.age_to is not None:
        said.append(_("aged %(high)s or less", high=view.age_to))
    return said


def _card(db: Database, view: View) -> list[str]:
    if view.card == "none":
        return [_("without a card")]
    if not (view.card or view.state):
        return []
    names = {str(one.id): one.name for one in cards.types(db)}
    what = names.get(view.card) or _("any type")
    return [_("Card: %(what)s", what=_(", ").join(filter(None, [what, view.state and _(STATES[view.state])])))]


REACHED = {"within": N_("Reached in the last %(n)s days"), "without": N_("Not reached in the last %(n)s days")}


def _contact(view: View) -> str:
    return _(CONTACTS["never"]) if view.contact == "never" else _(REACHED[view.contact], n=view.days)
