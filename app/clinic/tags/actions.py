"""What people do with tags and rules. A rule is never edited: a change is a new version."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import msgspec

from app.clinic import criteria
from app.clinic.tags import queries
from app.clinic.tags.field import name_of, named_tags, ranks
from app.clinic.tags.settling import reevaluate
from app.clinic.tags.shapes import ALARM, Labelled, NewRule, Rule, Shipped
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refusal
from app.core.words import N_, _

FILE = Path(__file__).parent / "rules.json"
UNKNOWN_SOURCE = "P"  # made in the clinic

events.declare("tag.labelled", N_("Tagged by hand: %(label)s (%(reason)s)"), clinical=True)
events.declare("tag.unlabelled", N_("Tag taken off by hand: %(label)s (%(reason)s)"), clinical=True)


def _telling(sentence: str):
    return lambda details: _(sentence, name=name_of(details["code"]), reason=details["reason"])


HELD, RELEASED = N_("Not tagged %(name)s any more: %(reason)s"), N_("The rule for %(name)s counts again: %(reason)s")
events.declare("tag.held", HELD, clinical=True, describe=_telling(HELD))
events.declare("tag.released", RELEASED, clinical=True, describe=_telling(RELEASED))
events.declare("rules.shipped", N_("Took over %(n)s shipped rules"), clinical=False)
events.declare("rule.made", N_("Made the rule %(name_en)s, version %(version)s"), clinical=False)
events.declare("rule.switched_on", N_("Switched on the rule %(name_en)s"), clinical=False)
events.declare("rule.switched_off", N_("Switched off the rule %(name_en)s"), clinical=False)


# ── on a person ──

def label(db: Database, actor: Actor, patient_id: int, new: Labelled) -> None:
    """Put a label of one's own on a person, with a reason."""
    text = " ".join(unicodedata.normalize("NFKC", new.label).split())
    if any(text in (rule.code, rule.name_zh, rule.name_en) for rule in queries.rules(db)):
        raise Invalid({"label": N_("A rule sets this tag by itself.")})
    if any(tag.code == text for tag in queries.current(db, patient_id)):
        raise Invalid({"label": N_("This tag is there already.")})
    with db.change(actor, "tag.labelled", patient_id) as details:
        details |= {"label": text, "reason": new.reason}
        event = db.write_events([(actor, "tag.set", patient_id, {"codes": [text]})])[0]
        db.insert("tags", {"patient_id": patient_id, "code": text, "rule_id": None, "reason": new.reason,
                           "set_event_id": event, "evidence_event_id": event})


def take_off(db: Database, actor: Actor, patient_id: int, tag_id: int, reason: str) -> None:
    """A label goes; a rule's tag goes and stays away from this person until `release`."""
    if not reason.strip():
        raise Invalid({"reason": N_("Please say why.")})
    tag = queries.standing(db, patient_id, tag_id)
    if tag is None:
        raise NotFound()
    if tag.rule_id is not None:
        if tag.code.startswith(ALARM):
            raise Refusal(N_("This tag calls a person. It goes by itself with the next answer, or when the answers are taken out."))
        with db.change(actor, "tag.held", patient_id) as details:
            details |= {"code": tag.code, "reason": reason}
            db.insert("tag_holds", {"patient_id": patient_id, "code": tag.code, "reason": reason, "event_id": details.event_id})
        return
    with db.change(actor, "tag.unlabelled", patient_id) as details:
        details |= {"label": tag.code, "reason": reason}
        event = db.write_events([(actor, "tag.removed", patient_id, {"codes": [tag.code]})])[0]
        db.update("tags", tag.id, {"removed_event_id": event, "removed_reason": reason})


def put_back(db: Database, actor: Actor, patient_id: int, tag_id: int) -> None:
    """A label that was taken off stands again, for the reason it had."""
    one = next((tag for tag in queries.by_hand(db, patient_id) if tag.id == tag_id and tag.gone), None)
    if one is None:
        raise NotFound()
    label(db, actor, patient_id, Labelled(one.code, one.reason))


def release(db: Database, actor: Actor, patient_id: int, hold_id: int, reason: str) -> None:
    """The rule counts for this person again, at once."""
    if not reason.strip():
        raise Invalid({"reason": N_("Please say why.")})
    hold = next((one for one in queries.holds(db, patient_id) if one.id == hold_id), None)
    if hold is None:
        raise NotFound()
    with db.change(actor, "tag.released", patient_id) as details:
        details |= {"code": hold.code, "reason": reason}
        db.update("tag_holds", hold.id, {"ended_event_id": details.event_id})


# ── rules ──

@cache
def shipped() -> tuple[Shipped, ...]:
    """The data file, checked. Raises ValueError."""
    found = tuple(msgspec.json.decode(FILE.read_bytes(), type=list[Shipped]))
    for one in found:
        if faults := criteria.problems(one.criterion):
            raise ValueError(f"{one.code}: {faults}")
    ranks({one.code: named_tags(one.criterion) for one in found})
    return found


def check() -> list[str]:
    """Everything wrong with the shipped rules, one line each."""
    try:
        return [] if shipped() else ["no rules"]
    except (ValueError, msgspec.MsgspecError) as bad:
        return [f"tag rules: {bad}"]


def seed(db: Database) -> None:
    """Take over shipped rules that are new or newer; the clinic's switch stays as it was."""
    live = {rule.code: rule for rule in queries.rules(db)}
    fresh = [one for one in shipped() if one.code not in live or live[one.code].version < one.version]
    if not fresh:
        return
    with db.change(None, "rules.shipped") as details:
        details["n"] = len(fresh)
        for one in fresh:
            is_on = not one.status.startswith("U") and (one.code not in live or bool(live[one.code].is_on))
            _store(db, one, "shipped", live.get(one.code), is_on, details.event_id)
    queries.rules(db)


def _store(db: Database, one: Shipped, origin: str, old: Rule | None, is_on: bool, event: int) -> None:
    if old:
        db.update("tag_rules", old.id, {"retired_event_id": event})
    fields = msgspec.structs.asdict(one) | {"criterion": criteria.dump(one.criterion)}
    db.insert("tag_rules", fields | {"origin": origin, "is_on": int(is_on), "event_id": event})


def make_rule(db: Database, actor: Actor, new: NewRule, criterion: criteria.Criterion, code: str = "") -> str:
    """A rule of the clinic's own, off until switched on; with `code` a new version of one of them. Returns its code."""
    existing = queries.rules(db)
    old = next((rule for rule in existing if rule.code == code), None)
    if code and (old is None or not old.own):
        raise NotFound()
    code = code or _free_code(db, new.name_en)
    if any(rule.code != code and {rule.name_zh, rule.name_en} & {new.name_zh, new.name_en} for rule in existing):
        raise Invalid({"name_zh": N_("Another rule has this name.")})
    refuse_cycle(existing, code, criterion)
    one = Shipped(code, old.version + 1 if old else 1, new.level, UNKNOWN_SOURCE, new.name_zh, new.name_en, new.source,
                  new.source, criterion)
    with db.change(actor, "rule.made") as details:
        details |= {"code": code, "version": one.version, "name_en": new.name_en}
        _store(db, one, "clinic", old, bool(old and old.is_on), details.event_id)
    if old and old.is_on:
        reevaluate(db, actor, code)
    return code


def refuse_cycle(existing: list[Rule], code: str, criterion: criteria.Criterion) -> None:
    needs = {rule.code: named_tags(queries.tree_of(rule.criterion)) for rule in existing}
    try:
        ranks(needs | {code: named_tags(criterion)})
    except ValueError:
        raise Refusal(N_("This rule would rest on itself by way of other tags.")) from None


def switch(db: Database, actor: Actor, code: str, on: bool) -> int:
    """Switch a rule on or off and set everybody's tags accordingly. Returns how many tags changed."""
    rule = queries.rule(db, code)
    if rule is None:
        raise NotFound()
    with db.change(actor, "rule.switched_on" if on else "rule.switched_off") as details:
        details |= {"code": code, "name_en": rule.name_en}
        db.update("tag_rules", rule.id, {"is_on": int(on)})
    return reevaluate(db, actor, code)


TAKEN = "SELECT count(*) FROM tag_rules WHERE code = :code"


def _free_code(db: Database, name: str) -> str:
    stem = "own_" + (re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "rule")
    code, n = stem, 2
    while db.value(TAKEN, code=code):
        code, n = f"{stem}_{n}", n + 1
    return code
