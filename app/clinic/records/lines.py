"""An entry in one line, in the reader's language. `one` has the fields of the section; what is not known is blank or None."""

from datetime import date
from typing import Any

from app.clinic.records import choices
from app.core.words import N_, _, ngettext


def _joined(*parts: str) -> str:
    return _(", ").join(part for part in parts if part)


def _number(value: float) -> str:
    return f"{value:g}"


def _chosen(options: choices.Options, value: str) -> str:
    return _(options[value]) if value else ""


def _since(began: str) -> str:
    return _("since %(when)s", when=began) if began else ""


def _until(ended: str) -> str:
    return _("until %(when)s", when=ended) if ended else ""


def text(one: Any) -> str:
    return one.text


def substance(one: Any) -> str:
    return one.substance


def drug(one: Any) -> str:
    return one.drug


def procedure(one: Any) -> str:
    return _joined(one.text, one.done_on, one.place)


def injury(one: Any) -> str:
    return _joined(one.text, one.happened_on)


def transfusion(one: Any) -> str:
    reaction = _("reaction: %(what)s", what=one.reaction) if one.reaction else ""
    return _joined(one.why, one.given_on, reaction)


def immunization(one: Any) -> str:
    return _joined(one.vaccine, one.dose, one.given_on, one.place)


def family_history(one: Any) -> str:
    at = _("at the age of %(age)s", age=one.onset_age) if one.onset_age is not None else ""
    return _joined(_("%(who)s: %(what)s", who=_(choices.RELATIVES[one.relative]), what=one.text), at)


def disability(one: Any) -> str:
    return _joined(_(choices.DISABILITIES[one.kind]), _chosen(choices.GRADES, one.grade), _since(one.since))


def need(one: Any) -> str:
    return _("%(who)s: %(what)s", who=_(choices.NEEDS[one.kind]), what=one.text)


def smoking(one: Any) -> str:
    daily = _("%(n)s cigarettes a day", n=_number(one.per_day)) if one.per_day is not None else ""
    return _joined(_(choices.SMOKING[one.status]), daily, _since(one.began), _until(one.ended))


def alcohol(one: Any) -> str:
    amount = f"{_number(one.ml)} ml" if one.ml is not None else ""
    strength = f"{_number(one.strength)}°" if one.strength is not None else ""
    what = " ".join(part for part in (_chosen(choices.DRINKS, one.drink), strength, amount) if part)
    return _joined(_(choices.DRINKING[one.status]), what, _days(one.days_a_week), _since(one.began), _until(one.ended))


def exercise(one: Any) -> str:
    each = _("%(n)s minutes each time", n=one.minutes) if one.minutes is not None else ""
    kept = _("kept up for %(n)s years", n=_number(one.years)) if one.years is not None else ""
    return _joined(_(choices.EXERCISE[one.frequency]), _days(one.days_a_week), each, one.kind, kept)


def _days(days: float | None) -> str:
    return "" if days is None else _("%(n)s days a week", n=_number(days))


def diet(one: Any) -> str:
    chosen = one.habits.split(",") if isinstance(one.habits, str) else one.habits
    habits = [_(choices.HABITS[habit]) for habit in chosen if habit]
    greens = {"yes": _("greens every day"), "no": _("no greens every day")}.get(one.greens_daily, "")
    meals = ngettext("%(num)s meal a day", "%(num)s meals a day", one.meals) if one.meals is not None else ""
    return _joined(*habits, greens, meals)


def sleep(one: Any) -> str:
    hours = _("%(n)s hours a night", n=_number(one.hours)) if one.hours is not None else ""
    snores = {"yes": _("snores"), "no": _("does not snore")}.get(one.snores, "")
    return _joined(hours, _chosen(choices.QUALITY, one.quality), snores)


def womens_health(one: Any) -> str:
    pregnant = {"yes": _("pregnant"), "no": ""}.get(one.pregnant, "")
    counts = [
        ngettext("%(num)s pregnancy", "%(num)s pregnancies", one.pregnancies) if one.pregnancies is not None else "",
        ngettext("%(num)s birth", "%(num)s births", one.births) if one.births is not None else "",
    ]
    last = _("last period %(when)s", when=one.last_period) if one.last_period else ""
    over = _("menopause at %(age)s", age=one.menopause_age) if one.menopause_age is not None else ""
    return _joined(pregnant, *counts, last, over)


def living(one: Any) -> str:
    return _joined(
        _chosen(choices.KITCHENS, one.kitchen), _chosen(choices.FUELS, one.fuel), _chosen(choices.WATERS, one.water),
        _chosen(choices.TOILETS, one.toilet), _chosen(choices.ANIMALS, one.animals),
    )


def personal(one: Any) -> str:
    blood = one.blood_group if one.blood_group in ("A", "B", "O", "AB") else ""
    rh = _(choices.RH[one.rh]) if one.rh in ("positive", "negative") else ""
    group = _("blood group %(group)s", group=f"{blood} {rh}".strip()) if blood or rh else ""
    return _joined(one.ethnic_group, _chosen(choices.EDUCATIONS, one.education), _chosen(choices.MARITAL, one.marital), group)


Figure = tuple[str, str, str]


def pack_years(one: Any, today: date) -> Figure | None:
    years = one.pack_years(today) if one.status != "never" else None
    if years is None:
        return None
    told = f"{years:.0f}" if years >= 10 else f"{years:.1f}"
    return (_("%(n)s pack-years", n=told), N_("Cigarettes a day ÷ 20 × years; a year alone counts from its middle"),
            N_("National Cancer Institute, Dictionary of Cancer Terms: pack year"))


def grams_a_day(one: Any, _today: date) -> Figure | None:
    grams = one.grams_a_day if one.status == "current" else None
    if grams is None:
        return None
    return (_("%(n)s g of pure alcohol a day", n=f"{grams:.0f}"), N_("ml × % vol × 0.8 × days a week ÷ 7"),
            N_("Formula of the Chinese guideline on alcoholic liver disease, as public copies print it"))


def minutes_a_week(one: Any, _today: date) -> Figure | None:
    minutes = one.minutes_a_week if one.frequency != "never" else None
    if minutes is None:
        return None
    return _("%(n)s minutes a week", n=f"{minutes:.0f}"), N_("Days a week × minutes each time"), N_("What was said here")
