"""People: who they are, how they are found, and what keeps one person from becoming two.

A person has a number (Y-000001) that never changes, a name (the number stands in for the nameless),
phones, identifiers per system, a responsible doctor and a health manager. Search answers any part of a
name, pinyin, initials and numbers' endings from one sorted table. Edits carry the version seen.
"""

from app.clinic.patients.actions import (
    add_identifier,
    add_keys,
    assign_doctor,
    assign_manager,
    consent,
    keys_of,
    register,
    withdraw,
    write_looks,
)
from app.clinic.patients.background import CHANNELS, OCCUPATIONS, PAYMENTS, PHONE_RELATIONS, RELATIONS, SOURCES
from app.clinic.patients.assigning import put_back
from app.clinic.patients.belongings import BELONGINGS, Belonging, belongs
from app.clinic.patients.choosing import Choice, choices
from app.clinic.patients.consent import WAYS, ConsentText, Way, text_of
from app.clinic.patients.consent import current as consent_text
from app.clinic.patients.consenting import take_back_consent
from app.clinic.patients.documents import (
    DOCUMENTS,
    RESIDENT_ID,
    Document,
    ResidentId,
    check_character,
    mask_document,
    read_document,
    read_resident_id,
    recognised,
)
from app.clinic.patients.duplicates import likely
from app.clinic.patients.editing import STALE, as_new, edit
from app.clinic.patients.joined import Merge, ids_of, in_place_of, merge_of, merges, merges_into, survivor, survivors
from app.clinic.patients.keys import name_keys, number_keys, typed_key
from app.clinic.patients.merging import JOINED, merge, standing, unmerge
from app.clinic.patients.pairs import Pair, ask_again, compare, keep_apart, look_through, open_pairs, pair, pairs, tell_apart
from app.clinic.patients.phones import mask_name, mask_phone, read_phone, show_phone
from app.clinic.patients.photo import LARGEST as LARGEST_PHOTO
from app.clinic.patients.photo import MAGIC as PHOTO_MAGIC
from app.clinic.patients.photo import draw_photo
from app.clinic.patients.pinyin import spellings
from app.clinic.patients.queries import (
    channels,
    consent_of,
    consents,
    document,
    documents,
    get,
    get_many,
    holders,
    lines,
    phones,
    phones_of,
    related,
    to_call,
)
from app.clinic.patients.queries import by_token as registered_by
from app.clinic.patients.restricting import (
    LIFTED,
    REFUSED,
    RESTRICTED,
    NewRestriction,
    Restriction,
    keep_restricted,
    lift,
    restrict,
    restricted,
    restriction,
)
from app.clinic.patients.reaching import Phone, Related
from app.clinic.patients.rules import OF_AGE, Birth, about, age, read_birth
from app.clinic.patients.search import SCREEN, scanned, search
from app.clinic.patients.shapes import SEXES, Consent, Found, Hit, Likeness, NewPatient, Patient, Sex, Somebody, years
from app.clinic.patients.timeline import NOBODY, Entry, Wanted, groups, timeline

__all__ = [
    "NOBODY", "Wanted", "BELONGINGS", "CHANNELS", "DOCUMENTS", "JOINED", "LARGEST_PHOTO", "LIFTED", "OCCUPATIONS", "OF_AGE", "PAYMENTS", "PHONE_RELATIONS", "PHOTO_MAGIC",
    "REFUSED", "RELATIONS", "RESIDENT_ID", "RESTRICTED", "SCREEN", "SEXES", "SOURCES", "STALE", "WAYS", "Belonging", "Birth", "Choice", "Consent",
    "ConsentText", "Document", "Entry", "Found", "Hit", "Likeness", "Merge", "NewPatient", "NewRestriction", "Patient", "Phone", "Related",
    "ResidentId", "Restriction", "Sex", "Somebody", "Way", "about", "add_identifier", "add_keys", "age", "as_new", "assign_doctor", "assign_manager",
    "belongs", "channels", "check_character", "choices", "consent", "consent_of", "consent_text", "consents", "document", "documents",
    "draw_photo", "edit", "get", "get_many", "groups", "holders", "ids_of", "in_place_of", "keep_apart", "keep_restricted", "keys_of", "lift", "likely", "lines",
    "mask_document", "mask_name", "mask_phone", "merge", "merge_of", "merges", "merges_into", "name_keys", "number_keys", "phones",
    "phones_of", "put_back", "read_birth", "read_document", "read_phone", "read_resident_id", "recognised", "register", "registered_by", "related", "restrict", "restricted", "restriction",
    "scanned", "search", "show_phone", "spellings", "standing", "survivor", "survivors", "take_back_consent", "text_of", "timeline", "to_call", "typed_key", "unmerge",
    "withdraw", "write_looks", "years",
]
