"""The box on the shelf: its disk and the reserve on it, its clock, and the clinic's file looked over as a whole.

What is wrong is watched for by core/troubles.py and said over every page; here stands what to look at and what to do.
"""

from app.clinic.box.checking import Check, check, last, remember, waits, want
from app.clinic.box.reserve import SETTING, give_up, wanted
from app.clinic.box.timekeeping import confirm, keep_time, look, shown_as
from app.clinic.box.watching import log_of, look_at_disk, look_at_file, look_at_log, size, tend
from app.core import troubles

__all__ = ["SETTING", "Check", "check", "confirm", "give_up", "keep_time", "last", "log_of", "remember", "shown_as", "size", "tend", "waits", "want", "wanted"]

troubles.watch("disk", look_at_disk)
troubles.watch("file", look_at_file)
troubles.watch("log", look_at_log)
troubles.watch("clock", look)
