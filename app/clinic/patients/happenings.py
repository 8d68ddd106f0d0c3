"""Which filter of the timeline shows an event, and where the thing stands that it is about: by the first word of its kind."""

from app.core.words import N_

# Filter → the first words of the event kinds it shows.
GROUPS = {
    "identity": (N_("Identity and card"), ("patient", "card", "consent", "dossier", "household", "kinship", "roster", "breakglass")),
    "record": (N_("Record"), (
        "condition", "allergy", "medication", "procedure", "injury", "transfusion", "immunization", "familyhistory", "smoking",
        "alcohol", "exercise", "diet", "sleep", "living", "personal", "womenshealth", "disability", "need", "wish", "note", "review",
        "offer", "record", "entry",
    )),
    "attachments": (N_("Photos and PDFs"), ("attachment",)),
    "encounters": (N_("Consultation"), ("encounter",)),
    "questionnaires": (N_("Questionnaires"), ("response", "asked", "asking", "invitation")),
    "results": (N_("Results"), ("report", "observation", "finding")),
    "tags": (N_("Tags"), ("tag",)),
    "followup": (N_("Follow-up"), ("work", "contact", "recall")),
    "reports": (N_("Reports"), ("healthreport",)),
}

# The first word of an event's kind → the page of that entry, after the person's address.
_RECORD = {
    "condition": "conditions", "allergy": "allergies", "medication": "medications", "procedure": "procedures",
    "injury": "injuries", "transfusion": "transfusions", "immunization": "immunizations", "familyhistory": "family_history",
    "smoking": "smoking", "alcohol": "alcohol", "exercise": "exercise", "diet": "diet", "sleep": "sleep", "living": "living",
    "personal": "personal", "womenshealth": "womens_health", "disability": "disabilities", "need": "needs", "wish": "wishes",
    "note": "notes",
}
PLACES = {noun: f"record/{section}" for noun, section in _RECORD.items()} | {"attachment": "attachments", "review": "medicines", "response": "questionnaires", "encounter": "encounters"}
