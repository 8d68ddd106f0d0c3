"""Tags: labels on people that set and remove themselves, and say why.

Rules are versioned data: shipped ones with a source and a status (unverified ones are off), the
clinic's own, and those that the bands and alarms of a questionnaire make. `follow` settles the tags of the people a write touched, inside that write; `reevaluate`
does so for everybody, because ages and windows change with the day. Only differences are written. Staff
put their own labels on people and keep a rule's tag away from one, each with a reason.
"""

from app.clinic.tags.actions import check, label, make_rule, put_back, refuse_cycle, release, seed, switch, take_off
from app.clinic.tags.bands import Asks, asks_of, newest
from app.clinic.tags.builder import GROUPS, OPS, TAKES, Draft, Row, draft, draft_of, whats
from app.clinic.tags.field import name_of
from app.clinic.tags.queries import (
    by_hand, counts, current, current_of, history, holders, holds, labels, rule, rules, tree_of, versions,
)  # fmt: skip
from app.clinic.tags.settling import dry_run, follow, from_answers, reevaluate
from app.clinic.tags.shapes import ALARM, LEVELS, DryRun, HistoryLine, Hold, Labelled, NewRule, Reasoned, Rule, Tag
from app.clinic.tags.telling import sentences, status_words, told_rule, why

__all__ = [
    "ALARM", "GROUPS", "LEVELS", "OPS", "TAKES", "Draft", "DryRun", "HistoryLine", "Hold", "Asks", "Labelled", "NewRule", "Reasoned", "Row", "Rule", "Tag", "asks_of", "by_hand", "check",
    "counts", "current", "current_of", "draft", "draft_of", "dry_run", "follow", "from_answers", "history", "holders", "holds", "label",
    "labels", "make_rule", "name_of", "newest", "put_back", "reevaluate", "refuse_cycle", "release", "rule", "rules", "seed", "sentences",
    "status_words", "switch", "take_off", "told_rule", "tree_of", "versions", "whats", "why",
]
