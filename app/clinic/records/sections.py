"""The sections of the record, in the order of the page."""

from app.clinic.records import circumstances, habits, illness, lines, past
from app.clinic.records.section import Section
from app.core.errors import NotFound
from app.core.words import N_

SECTIONS = {one.id: one for one in (
    Section("conditions", "condition", "illness", N_("Conditions"), illness.NewCondition, illness.Condition, lines.text,
            N_("Add a condition"), N_("No known conditions"), "text"),
    Section("allergies", "allergy", "illness", N_("Allergies"), illness.NewAllergy, illness.Allergy, lines.substance,
            N_("Add an allergy"), N_("No known allergies"), "substance"),
    Section("medications", "medication", "illness", N_("Medicines"), illness.NewMedication, illness.Medication, lines.drug,
            N_("Add a medicine"), N_("Takes no medicines"), "drug"),
    Section("procedures", "procedure", "illness", N_("Operations and procedures"), past.NewProcedure, past.Procedure,
            lines.procedure, N_("Add an operation"), N_("No operations")),
    Section("injuries", "injury", "illness", N_("Injuries"), past.NewInjury, past.Injury, lines.injury,
            N_("Add an injury"), N_("No injuries")),
    Section("transfusions", "transfusion", "illness", N_("Transfusions"), past.NewTransfusion, past.Transfusion,
            lines.transfusion, N_("Add a transfusion"), N_("No transfusions")),
    Section("immunizations", "immunization", "illness", N_("Vaccinations"), past.NewImmunization, past.Immunization,
            lines.immunization, N_("Add a vaccination"), N_("No vaccinations")),
    Section("family_history", "familyhistory", "illness", N_("Family history"), past.NewFamilyHistory, past.FamilyHistory,
            lines.family_history, N_("Add a relative's illness"), N_("No such illness in the family")),
    Section("smoking", "smoking", "life", N_("Smoking"), habits.NewSmoking, habits.Smoking, lines.smoking,
            N_("Record smoking"), single=True, figure=lines.pack_years),
    Section("alcohol", "alcohol", "life", N_("Alcohol"), habits.NewAlcohol, habits.Alcohol, lines.alcohol,
            N_("Record alcohol"), single=True, figure=lines.grams_a_day),
    Section("exercise", "exercise", "life", N_("Exercise"), habits.NewExercise, habits.Exercise, lines.exercise,
            N_("Record exercise"), single=True, figure=lines.minutes_a_week),
    Section("diet", "diet", "life", N_("Diet"), habits.NewDiet, habits.Diet, lines.diet, N_("Record the diet"), single=True),
    Section("sleep", "sleep", "life", N_("Sleep"), habits.NewSleep, habits.Sleep, lines.sleep, N_("Record sleep"), single=True),
    Section("living", "living", "life", N_("Living environment"), circumstances.NewLiving, circumstances.Living, lines.living,
            N_("Record the living environment"), single=True),
    Section("personal", "personal", "person", N_("Personal details"), circumstances.NewPersonal, circumstances.Personal,
            lines.personal, N_("Record personal details"), single=True),
    Section("womens_health", "womenshealth", "person", N_("Women's health"), circumstances.NewWomensHealth,
            circumstances.WomensHealth, lines.womens_health, N_("Record women's health"), single=True),
    Section("disabilities", "disability", "person", N_("Disabilities"), past.NewDisability, past.Disability, lines.disability,
            N_("Add a disability"), N_("No disability")),
    Section("needs", "need", "person", N_("Social and psychological needs"), circumstances.NewNeed, circumstances.Need,
            lines.need, N_("Add a need"), N_("No needs named")),
    Section("wishes", "wish", "person", N_("What matters to the person"), circumstances.NewWish, circumstances.Wish, lines.text,
            N_("Write down what matters"), head="text"),
    Section("notes", "note", "notes", N_("Notes"), illness.NewNote, illness.Note, lines.text, N_("Add a note"), head="text"),
)}


def section(id: str) -> Section:
    """Raises NotFound for a section that does not exist."""
    found = SECTIONS.get(id)
    if found is None:
        raise NotFound()
    return found
