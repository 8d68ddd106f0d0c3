"""Backups that prove themselves: made each night and by hand, encrypted, put somewhere else, restored to try, compared.

A run is wanted (`want`, `want_nightly`) and done beside the pages (`do`) in a process of its own. It is called proved only when the
backup was read back from its place, restored, compared table by table with what the clinic's file held, and a report in it opened.
`whole`, `prove` and `restore` are the same without a clinic at work, for the terminal.
"""

from app.clinic.backups.actions import (
    HOUR,
    add_folder,
    add_place,
    cancel,
    do,
    how_far,
    is_put_away,
    key,
    note,
    put_away,
    remove_place,
    show_sheet,
    want,
    want_nightly,
)
from app.clinic.backups.machines import add_machine, look_at_machine
from app.clinic.backups.making import key_path
from app.clinic.backups.mirror import BESIDE, Beside, carry, restore_followed
from app.clinic.backups.placing import chosen, found, sftp_place
from app.clinic.backups.proving import Unproved, prove
from app.clinic.backups.queries import due, elsewhere, every_place, goals, last, last_proved, newest_proved, open_run, places, recent
from app.clinic.backups.restoring import move_in, restore
from app.clinic.backups.running import whole
from app.clinic.backups.shapes import STEPS, Far, Kept, Manifest, NewFolder, NewMachine, Proof, Run, age_hours, named
from app.clinic.backups.sheet import document, sheet
from app.clinic.backups.watching import OLDEST

__all__ = [
    "BESIDE", "HOUR", "OLDEST", "STEPS", "Beside", "Far", "Kept", "Manifest", "NewFolder", "NewMachine", "Proof", "Run", "Unproved",
    "add_folder", "add_machine", "add_place", "age_hours", "cancel", "carry", "chosen", "do", "document", "due", "elsewhere",
    "every_place", "found", "goals", "how_far", "is_put_away", "key", "key_path", "last", "last_proved",
    "look_at_machine", "move_in", "named", "newest_proved", "note", "open_run", "places", "prove", "put_away",
    "recent", "remove_place", "restore", "restore_followed", "sftp_place", "sheet", "show_sheet", "want", "want_nightly", "whole",
]  # fmt: skip
