"""The builder's edits: pure changes of a FHIR Questionnaire, one button or field at a time.

Whatever a form does not know of stays as it was. `opened` gives the fields of one item, `edit` takes them back with a button.
"""

from app.clinic.questionnaires.building.acting import LEVELS, OWNERS, STATUSES, bands
from app.clinic.questionnaires.building.branching import OPERATORS, answers, askable, conditions, formula, operators
from app.clinic.questionnaires.building.edits import Edited, blank, edit
from app.clinic.questionnaires.building.extending import value
from app.clinic.questionnaires.building.kinds import ALL, CHOICES, FIRST, KINDS, Kind, kind_of, may_turn
from app.clinic.questionnaires.building.measuring import NUMBERS, WORDED
from app.clinic.questionnaires.building.options import likes, listed, opened as option, options, unsaid
from app.clinic.questionnaires.building.scoring import addable
from app.clinic.questionnaires.building.sheet import POINTED, opened
from app.clinic.questionnaires.building.tree import Place, can_go_in, find, numbers, places
from app.clinic.questionnaires.building.whole import USES, own_copy
from app.clinic.questionnaires.building.wording import own, said

__all__ = [
    "ALL", "CHOICES", "FIRST", "KINDS", "LEVELS", "NUMBERS", "OPERATORS", "OWNERS", "POINTED", "STATUSES", "USES", "WORDED",
    "Edited", "Kind", "Place", "addable", "answers", "askable", "bands", "blank", "can_go_in", "conditions", "edit", "find", "formula", "kind_of",
    "likes", "listed", "may_turn", "numbers", "opened", "operators", "option", "options", "own", "own_copy", "places", "said", "unsaid", "value",
]  # fmt: skip
