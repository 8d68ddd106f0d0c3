"""Work: everything somebody must do for a patient, one model for all of it.

An item comes from a pathway (versioned data with a source), is shown to a person or to everybody of
a role within a window of days, and changes only by steps: attempted, postponed, done, withdrawn.
Tags, findings and cards ask for items and take them back, inside the write that changed them; old
results wait on recall lists instead. Whether something is late is derived, never stored.
"""

from app.clinic.work import fields, telling
from app.clinic.work.actions import attempt, postpone, reassign, reopen
from app.clinic.work.completing import complete
from app.clinic.work.consulting import ask_to_sign
from app.clinic.work.contacts import record
from app.clinic.work.daily import claim, finish
from app.clinic.work.evidence import reasons
from app.clinic.work.expiring import ask_to_renew
from app.clinic.work.following import follow
from app.clinic.work.intervals import days_in_force, set_days
from app.clinic.work.leaving import ask_about, left
from app.clinic.work.listing import alarms, just_done, listed, listed_by_pathway, today, unexplained_and_listed
from app.clinic.work.own import learn
from app.clinic.work.pathways import Outcome, Pathway, pathways
from app.clinic.work.queries import (
    closed_for,
    contacts_of,
    get,
    may_see,
    open_for,
    recall_list,
    recall_list_of,
    recall_lists,
    reminders_of,
    steps,
    unseen,
)
from app.clinic.work.recalls import dismiss, schedule
from app.clinic.work.reminders import afternoon, ring, see
from app.clinic.work.retracting import contact, file_again, retract, withdraw_following
from app.clinic.work.rules import roles_of
from app.clinic.work.shapes import (
    CHANNELS,
    REACHED,
    STEPS,
    Attempt,
    Completion,
    Contact,
    Item,
    NewContact,
    Person,
    Postponement,
    Reassignment,
    RecallList,
    Reminder,
    Step,
    Today,
)

__all__ = [
    "Attempt", "CHANNELS", "Completion", "Contact", "Item", "NewContact", "Outcome", "Pathway", "Person",
    "Postponement", "REACHED", "Reassignment", "RecallList", "Reminder", "STEPS", "Step", "Today", "afternoon", "alarms", "ask_about", "ask_to_renew", "ask_to_sign",
    "attempt", "claim", "contact", "file_again", "retract", "withdraw_following", "closed_for", "complete", "contacts_of", "days_in_force", "dismiss", "fields", "finish",
    "follow", "get", "just_done", "learn", "left", "listed", "listed_by_pathway", "may_see", "open_for", "pathways", "postpone",
    "reasons", "reassign", "recall_list", "recall_list_of", "recall_lists", "record", "reminders_of", "reopen",
    "ring", "roles_of", "schedule", "see", "set_days", "steps", "telling", "today", "unexplained_and_listed",
    "unseen",
]
