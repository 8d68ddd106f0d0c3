"""People: who they are, how they are found, and what keeps one person from becoming two.

A person has a number (Y-000001) that never changes, a name (the number stands in for the nameless),
phones, identifiers per system, a responsible doctor and a health manager. Search answers any part of a
name, pinyin, initials and numbers' endings from one sorted table. Edits carry the version seen.
"""

from app.clinic.patients.actions import add_identifier, add_keys, assign_doctor, assign_manager, consent, register, withdraw, write_looks
from app.clinic.patients.belongings import BELONGINGS, Belonging, belongs
from app.clinic.patients.consent import WAYS, ConsentText, Way, text_of
from app.clinic.patients.consent import current as consent_text
from app.clinic.patients.documents import RESIDENT_ID, ResidentId, check_character, mask_document, read_resident_id
from app.clinic.patients.duplicates import likely
from app.clinic.patients.editing import STALE, as_new, edit
from app.clinic.patients.keys import number_keys
from app.clinic.patients.phones import mask_phone, read_phone, show_phone
from app.clinic.patients.queries import consents, document, get, get_many, holders, page_of, phones, phones_of
from app.clinic.patients.rules import Birth, about, age, read_birth
from app.clinic.patients.search import SCREEN, scanned, search
from app.clinic.patients.shapes import SEXES, Consent, Found, Hit, Likeness, NewPatient, Patient, Row, Sex
from app.clinic.patients.timeline import Entry, groups, timeline

__all__ = [
    "BELONGINGS", "RESIDENT_ID", "SCREEN", "SEXES", "STALE", "WAYS", "Belonging", "Birth", "Consent", "ConsentText", "Entry", "Found", "Hit", "Likeness",
    "NewPatient", "Patient", "ResidentId", "Row", "Sex", "Way", "about", "add_identifier", "add_keys", "age", "as_new",
    "assign_doctor", "assign_manager", "belongs", "check_character", "consent", "consent_text", "consents", "document", "edit", "get", "get_many",
    "groups", "holders", "likely", "mask_document", "mask_phone", "number_keys", "page_of", "phones",
    "phones_of", "read_birth", "read_phone", "read_resident_id", "register", "scanned", "search", "show_phone", "text_of",
    "timeline", "withdraw", "write_looks",
]
