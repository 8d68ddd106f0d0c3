"""Staff: who works here, their roles and languages, how they sign in, and which devices are signed in.

A password is kept as argon2id, a session as the hash of its token. On one of the clinic's own tablets who is on shift comes
back by PIN. Failed sign-ins slow down both
the account and the device, across restarts, and an unknown name takes as long as a wrong password.
"""

from app.clinic.staff.actions import (
    add,
    change_language,
    change_password,
    disable,
    edit,
    enable,
    end_session,
    end_sessions,
    first_run_code,
    prove,
    reset_password,
    set_up,
    sign_in,
    sign_out,
)
from app.clinic.staff.audit import AUDIT_PAGE, audit
from app.clinic.staff.codes import half_way_in, has_second_step, take_code
from app.clinic.staff.drafts import KEPT_DAYS, Draft, NewDraft, drafts, drop_draft, drop_old_drafts, save_draft
from app.clinic.staff.handing import hand_over, unlock
from app.clinic.staff.holding import end_future, held, lock
from app.clinic.staff.pins import has_pin, set_pin
from app.clinic.staff.presence import IDLE_MINUTES, Held, Presence, idle_minutes
from app.clinic.staff.queries import (
    everyone,
    get,
    handed_to,
    is_fresh,
    names,
    session_of,
    sessions,
    with_role,
)
from app.clinic.staff.rules import new_secret
from app.clinic.staff.second_step import Offered, arm, disarm, end_second_step, new_recovery_codes, offer, recovery_codes_left
from app.clinic.staff.sending import drop_old_sent, forget_sent, keep_sent, sending, taken
from app.clinic.staff.shapes import EditMember, Language, Member, NewMember, Session, SetUp
from app.clinic.staff.shifts import Tile, confirm, enter, take_back, takes_pin, tiles
from app.clinic.staff.slowing import guessing
from app.clinic.staff.tablets import (
    CODE_MINUTES,
    Tablet,
    announce,
    enrol,
    enrol_by_code,
    rename,
    restore,
    revoke,
    set_idle_minutes,
    tablet,
    tablet_of,
    tablets,
)
from app.clinic.staff.teams import set_team, team

__all__ = [
    "AUDIT_PAGE", "CODE_MINUTES", "Draft", "EditMember", "Held", "IDLE_MINUTES", "KEPT_DAYS", "Language", "Member", "NewDraft", "NewMember", "Offered",
    "Presence", "Session", "SetUp", "Tablet", "Tile", "add", "announce", "arm", "audit", "change_language", "change_password", "confirm", "disable", "end_future", "disarm",
    "drafts", "drop_draft", "drop_old_drafts", "drop_old_sent", "edit", "enable", "end_second_step", "end_session", "end_sessions", "enrol", "enrol_by_code", "enter",
    "everyone", "first_run_code", "forget_sent", "get", "guessing", "half_way_in", "hand_over", "handed_to", "has_pin", "has_second_step", "held", "idle_minutes", "is_fresh",
    "keep_sent", "lock", "names", "new_recovery_codes", "new_secret", "offer", "prove", "recovery_codes_left", "rename", "reset_password", "restore", "revoke", "save_draft", "sending",
    "session_of", "sessions", "set_idle_minutes", "set_pin", "set_team", "set_up", "sign_in", "sign_out", "tablet", "tablet_of", "tablets",
    "take_back", "take_code", "taken", "takes_pin", "team", "tiles", "unlock", "with_role",
]
