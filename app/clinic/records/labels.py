"""What the fields of the record are called."""

from app.core.words import N_

LABELS = {
    "text": N_("Text"), "code": N_("ICD-10 code"), "onset": N_("Since"), "status": N_("Status"),
    "certainty": N_("Certainty"), "note": N_("Remark"), "sensitive": N_("Sensitive"), "source": N_("Who says so"),
    "noted_on": N_("Noted on"), "substance": N_("Allergic to"), "reaction": N_("Reaction"), "severity": N_("Severity"),
    "since": N_("Since"), "drug": N_("Medicine"), "dose": N_("Dose"), "route": N_("How it is taken"),
    "frequency": N_("How often"), "until": N_("Until"), "why": N_("What for"), "done_on": N_("When"), "place": N_("Where"),
    "happened_on": N_("When"), "given_on": N_("When"), "vaccine": N_("Vaccine"), "lot": N_("Batch number"),
    "relative": N_("Which relative"), "onset_age": N_("Age when it began"), "kind": N_("Kind"), "grade": N_("Grade"),
    "certificate": N_("Certificate number"), "per_day": N_("Cigarettes a day"), "began": N_("Began"), "ended": N_("Stopped on"),
    "drink": N_("Mostly drinks"), "ml": N_("How much on a day of drinking"), "strength": N_("Strength"),
    "days_a_week": N_("Days a week"), "drunk_last_year": N_("Drunk in the last year"), "minutes": N_("How long each time"),
    "years": N_("Kept up for"), "habits": N_("Eating habits"), "greens_daily": N_("Vegetables or fruit every day"),
    "meals": N_("Meals a day"), "hours": N_("Hours a night"), "quality": N_("Quality"), "snores": N_("Snores"),
    "menarche_age": N_("Age at the first period"), "cycle_days": N_("Cycle"), "period_days": N_("Period lasts"),
    "last_period": N_("Last period"), "menopause_age": N_("Age at menopause"), "pregnancies": N_("Pregnancies"),
    "births": N_("Births"), "pregnant": N_("Pregnant now"), "contraception": N_("Contraception"),
    "cervical_check": N_("Last cervical screening"), "breast_check": N_("Last breast check"),
    "kitchen": N_("Kitchen ventilation"), "fuel": N_("Fuel"), "water": N_("Drinking water"), "toilet": N_("Toilet"),
    "animals": N_("Poultry and livestock"), "ethnic_group": N_("Ethnic group"), "education": N_("Schooling"),
    "marital": N_("Marital status"), "blood_group": N_("Blood group"), "rh": N_("Rh factor"),
    "residence": N_("Household registration"), "area": N_("Town or country"),
    "registered_address": N_("Registered address"), "township": N_("Township or street office"),
    "village": N_("Village or neighbourhood committee"), "exposures": N_("Exposure"), "exposure_note": N_("Exposed to what"),
    "hereditary": N_("Hereditary disease"), "hereditary_note": N_("Which hereditary disease"),
}  # fmt: skip
OWN = {
    ("conditions", "text"): N_("Condition, in words"), ("notes", "text"): N_("Note"), ("procedures", "text"): N_("Operation or procedure"),
    ("injuries", "text"): N_("Injury"), ("family_history", "text"): N_("Illness of the relative"),
    ("needs", "text"): N_("What is needed"), ("wishes", "text"): N_("In the person's own words"),
    ("transfusions", "why"): N_("Reason"), ("immunizations", "dose"): N_("Which dose"),
    ("smoking", "status"): N_("Smoking"), ("alcohol", "status"): N_("Alcohol"), ("exercise", "kind"): N_("What kind of exercise"),
}  # fmt: skip
UNITS = {
    "ml": "ml", "strength": "% vol", "minutes": N_("minutes"), "years": N_("years"), "hours": N_("hours"),
    "cycle_days": N_("days"), "period_days": N_("days"), "menarche_age": N_("years"), "menopause_age": N_("years"),
    "onset_age": N_("years"), "per_day": N_("cigarettes"),
}  # fmt: skip
DAY = N_("A year, a month or a day: 2016, 2016-05, 2016-05-03")
HINTS = {
    "dose": N_("For example 5 mg"), "until": N_("Blank while it is taken"), "ml": N_("One liang is about 50 ml"),
    "strength": N_("As the bottle says: 52 for 52°"), "village": N_("As on the cover of the health file"),
    "ended": N_("Blank while it goes on"),
    **dict.fromkeys(("onset", "since", "done_on", "happened_on", "given_on", "began", "last_period", "cervical_check", "breast_check"), DAY),
}  # fmt: skip


def label(section: str, name: str) -> str:
    """The word's id for a field of a section."""
    return OWN.get((section, name)) or LABELS[name]
