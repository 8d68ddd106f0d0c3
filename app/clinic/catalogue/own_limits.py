"""The clinic's own limits: analysers differ, so every range can be replaced, by somebody, for a reason."""

import msgspec

from app.clinic.catalogue.files import indicators
from app.clinic.catalogue.shapes import Indicator, NewOverride, Override, Range
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_, _

LIVE = """
SELECT o.id, o.code, o.low_male, o.high_male, o.low_female, o.high_female, o.critical_low, o.critical_high,
       o.reason, coalesce(s.name, '') AS author, e.at
FROM catalogue_overrides o JOIN events e ON e.id = o.event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE o.retired_event_id IS NULL ORDER BY o.id
"""
OF_CODE = """
SELECT o.id, o.code, o.low_male, o.high_male, o.low_female, o.high_female, o.critical_low, o.critical_high,
       o.reason, coalesce(s.name, '') AS author, e.at
FROM catalogue_overrides o JOIN events e ON e.id = o.event_id LEFT JOIN staff s ON s.id = e.actor_id
WHERE o.code = :code ORDER BY o.id DESC
"""
RETIRE = "UPDATE catalogue_overrides SET retired_event_id = :event WHERE code = :code AND retired_event_id IS NULL"


def name_of(code: str) -> str:
    """An indicator's name in the reader's language; the code itself where the catalogue has lost it."""
    known = indicators().get(code)
    return known.name if known else code


def _telling(sentence: str):
    return lambda details: _(sentence, name=name_of(details["code"]))


OVERRIDDEN, RESTORED = N_("Set the clinic's own limits for %(name)s"), N_("Went back to the catalogue's limits for %(name)s")
events.declare("catalogue.overridden", OVERRIDDEN, clinical=False, describe=_telling(OVERRIDDEN))
events.declare("catalogue.restored", RESTORED, clinical=False, describe=_telling(RESTORED))


def overrides(db: Database) -> dict[str, Override]:
    return {override.code: override for override in db.all(Override, LIVE)}


def history(db: Database, code: str) -> list[Override]:
    """Every limit the clinic ever set for an indicator, newest first."""
    return db.all(Override, OF_CODE, code=code)


def in_force(db: Database) -> dict[str, Indicator]:
    """The catalogue with the clinic's own limits put in."""
    own = overrides(db)
    if not own:
        return indicators()
    return {code: _with(found, own.get(code)) for code, found in indicators().items()}


def override(db: Database, actor: Actor, code: str, new: NewOverride) -> None:
    if code not in indicators():
        raise NotFound()
    _check(new)
    with db.change(actor, "catalogue.overridden") as details:
        details |= {"code": code, **msgspec.structs.asdict(new)}
        db.execute(RETIRE, event=details.event_id, code=code)
        db.insert("catalogue_overrides", {"code": code, **msgspec.structs.asdict(new), "event_id": details.event_id})


def restore(db: Database, actor: Actor, code: str, reason: str) -> None:
    with db.change(actor, "catalogue.restored") as details:
        details |= {"code": code, "reason": reason}
        if not db.execute(RETIRE, event=details.event_id, code=code):
            raise NotFound()


def _check(new: NewOverride) -> None:
    pairs = {"high_male": (new.low_male, new.high_male), "high_female": (new.low_female, new.high_female),
             "critical_high": (new.critical_low, new.critical_high)}
    upside_down = N_("The upper limit must be above the lower one.")
    if wrong := {name: upside_down for name, (low, high) in pairs.items() if None not in (low, high) and low >= high}:
        raise Invalid(wrong)


def _with(indicator: Indicator, own: Override | None) -> Indicator:
    if own is None:
        return indicator
    ends = {"male": (own.low_male, own.high_male), "female": (own.low_female, own.high_female)}
    source = f"{own.author}: {own.reason}"
    mine = tuple(
        Range("clinic", source, "clinic", low=low, high=high, sex=sex)
        for sex, (low, high) in ends.items() if (low, high) != (None, None)
    )
    return msgspec.structs.replace(
        indicator, ranges=mine or indicator.ranges, critical_low=own.critical_low,
        critical_high=own.critical_high, critical_source=source,
    )
