"""Staff: who works here, their roles and languages, how they sign in, and which devices are signed in.

A password is kept as argon2id, a session as the hash of its token. Failed sign-ins slow down both
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
from app.clinic.staff.drafts import KEPT_DAYS, Draft, NewDraft, drafts, drop_draft, drop_old_drafts, save_draft
from app.clinic.staff.handing import hand_over, unlock
from app.clinic.staff.queries import (
    actor_of,
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
from app.clinic.staff.sending import drop_old_sent, forget_sent, keep_sent, sending, taken
from app.clinic.staff.shapes import EditMember, Language, Member, NewMember, Session, SetUp
from app.clinic.staff.slowing import guessing
from app.clinic.staff.teams import set_team, team

__all__ = [
    "AUDIT_PAGE", "KEPT_DAYS", "Draft", "EditMember", "Language", "Member", "NewDraft", "NewMember", "Session", "SetUp", "actor_of", "add", "audit", "change_language", "change_password",
    "disable", "drafts", "drop_draft", "drop_old_drafts", "drop_old_sent", "edit", "enable", "end_session", "end_sessions", "everyone", "first_run_code", "forget_sent", "get", "guessing", "hand_over", "handed_to", "is_fresh", "keep_sent",
    "names", "new_secret", "prove", "reset_password", "save_draft", "sending", "session_of", "sessions", "set_team", "set_up", "sign_in", "sign_out", "taken", "team", "unlock",
    "with_role",
]
