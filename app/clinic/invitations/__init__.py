"""Invitations: who is asked to fill in what, the ways in they are given, and the devices that came in by one.

A person is asked once per questionnaire, alone or with everybody of a list. A way in is a QR code with a short code, good for a day,
or the tablet itself; only hashes are kept. A device that was let in has a cookie for that one form. The token alone says whose it
is. Whoever answers, and however: it is done when a response of theirs is completed.
"""

from app.clinic.invitations.actions import ask, put_back, remind, withdraw
from app.clinic.invitations.entering import (
    OVER, begin, enter, forget_guests, guest, invited, invited_by_code, move, show_as,
)  # fmt: skip
from app.clinic.invitations.following import follow
from app.clinic.invitations.hotline import hotline
from app.clinic.invitations.inviting import hand_over, invite, live_until, revoke, take_back
from app.clinic.invitations.many import claim, finish, free, give_out, give_to_some, release, stop
from app.clinic.invitations.queries import asking, counts, get, given_out, lately, of_asking, of_patient, open_of
from app.clinic.invitations.reminding import claim_reminding, left, remind_everybody, remind_some
from app.clinic.invitations.rules import greeted
from app.clinic.invitations.screens import END, Screen, minutes, screens, stands, step
from app.clinic.invitations.shapes import (
    OPEN, STATES, Asked, Asking, Guest, Invited, Looks, NewAsked, NewAsking, WayIn,
)  # fmt: skip

__all__ = [
    "END", "OPEN", "OVER", "STATES", "Screen", "Asked", "Asking", "Guest", "Invited", "Looks", "NewAsked", "NewAsking", "WayIn", "ask", "asking", "begin",
    "claim", "claim_reminding", "counts", "enter", "finish", "follow", "forget_guests", "free", "get", "give_out", "give_to_some", "given_out", "greeted", "guest",
    "hand_over", "hotline", "invite", "invited", "invited_by_code", "lately", "left", "live_until", "minutes", "move", "of_asking", "of_patient", "open_of",
    "put_back", "release", "remind", "remind_everybody", "remind_some", "revoke", "screens", "show_as", "stands", "step", "stop", "take_back", "withdraw",
]
