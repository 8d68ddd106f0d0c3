"""Codes for what FHIR asks of any Questionnaire, and for what this house does not do."""

from app.core.words import N_

FHIR = {
    # the shape of the file
    "missing": ("error", N_("“%(name)s” is missing.")),
    "wrong-kind": ("error", N_("Here %(expected)s must stand, not %(found)s.")),
    "bad-value": ("error", N_("“%(value)s” is no %(expected)s.")),
    "bad-code": ("error", N_("“%(value)s” is not one of: %(allowed)s")),
    "bad-characters": ("error", N_("There are control characters or halves of characters in a text.")),
    "several-values": ("error", N_("Only one of these may stand here: %(names)s")),
    "bad-extension": ("error", N_("An extension has either a value or parts: %(url)s")),
    "empty": ("warning", N_("Something empty stands here; FHIR leaves it out.")),
    "unknown-member": ("warning", N_("FHIR R4 has no “%(name)s” here. It is kept, and nothing is done with it.")),
    # que-0 to que-13
    "que-0": ("warning", N_("“%(name)s” is no name for programs: a capital, then letters, digits and underscores.")),
    "que-1": ("error", N_("“%(id)s”: a group holds items, a display text holds none.")),
    "que-2": ("error", N_("The link id “%(name)s” is there twice.")),
    "que-3": ("error", N_("“%(id)s” is a display text and has a code.")),
    "que-4": ("error", N_("“%(id)s” has options and a value set; it may have one of them.")),
    "que-5": ("error", N_("“%(id)s” is a %(type)s and cannot have options.")),
    "que-6": ("error", N_("“%(id)s” is a display text and cannot be required or repeat.")),
    "que-7": ("error", N_("“%(id)s”: “exists” is answered by true or false only.")),
    "que-8": ("error", N_("“%(id)s” is a %(type)s and cannot begin with a value.")),
    "que-9": ("error", N_("“%(id)s” is a display text and cannot be read-only.")),
    "que-10": ("error", N_("“%(id)s” is a %(type)s and has no length.")),
    "que-11": ("error", N_("“%(id)s” has options: what it begins with is marked there, by initialSelected.")),
    "que-12": ("error", N_("“%(id)s” has several conditions; enableBehavior must say whether all or any.")),
    "que-13": ("error", N_("“%(id)s” takes one answer and begins with several values.")),
    # extensions
    "extension-type": ("error", N_("%(url)s needs %(expected)s and has %(found)s.")),
    "extension-misplaced": ("warning", N_("%(url)s means nothing on a %(type)s.")),
    "bound-type": ("error", N_("“%(id)s” is a %(type)s and is limited by %(found)s.")),
    "bounds-crossed": ("error", N_("“%(id)s”: no answer lies between %(low)s and %(high)s.")),
    "observation-without-code": ("warning", N_("“%(id)s” is to be an observation, but no code says of what.")),
    # what is not done here
    "unsupported-type": ("unsupported", N_("Items of the type %(type)s are not answered here.")),
    "unsupported-option": ("unsupported", N_("“%(id)s” offers references; they are not offered here.")),
    "unsupported-value-set": ("unsupported", N_("The list of answers %(name)s is not in the file and is not looked up.")),
    "unsupported-language": ("unsupported", N_("Expressions in %(language)s are not worked out.")),
    "unsupported-variable": ("unsupported", N_("The variable %%%(name)s gets its value in a way that is not worked out here.")),
    "unsupported-control": ("unsupported", N_("The control “%(name)s” is not drawn; the question is asked as usual.")),
    "unsupported-extension": ("unsupported", N_("Nothing is done with the extension %(url)s (× %(count)s).")),
    "unsupported-modifier": ("unsupported", N_("An extension that changes the meaning is not understood: %(url)s (× %(count)s)")),
    "unsupported-member": ("unsupported", N_("Nothing is done with “%(name)s”.")),
    "unsupported-subject": ("unsupported", N_("It is about %(name)s; here every questionnaire is about a patient.")),
}
