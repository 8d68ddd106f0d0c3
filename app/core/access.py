"""Who may do what: one table of roles, closed by default."""

from enum import StrEnum

import msgspec

from app.core.words import N_


class May(StrEnum):
    ANYONE = "anyone"                    # no sign-in: sign-in page, set-up, static files
    SIGNED_IN = "signed_in"              # own session, own language
    FIND_PATIENTS = "find_patients"      # identity and card, no clinical content
    REGISTER = "register"                # create and edit identity
    HANDLE_CARDS = "handle_cards"
    SEE_CLINICAL = "see_clinical"
    RECORD_CLINICAL = "record_clinical"
    SIGN = "sign"                        # consultations and what is added to them
    SEE_SENSITIVE = "see_sensitive"      # entries marked sensitive
    DO_WORK = "do_work"
    ASSIGN_WORK = "assign_work"
    TAG = "tag"
    MAKE_RULES = "make_rules"            # tag rules, pathways, catalogue overrides
    BUILD_FORMS = "build_forms"          # questionnaires: the library and the builder
    IMPORT = "import"
    EXPORT = "export"
    PRINT = "print"
    MANAGE_STAFF = "manage_staff"
    MANAGE_CLINIC = "manage_clinic"
    SEE_AUDIT = "see_audit"


class Role(StrEnum):
    OWNER = "owner"
    DOCTOR = "doctor"
    NURSE = "nurse"
    HEALTH_MANAGER = "health_manager"
    RECEPTIONIST = "receptionist"
    PHARMACIST = "pharmacist"
    READ_ONLY = "read_only"

    @property
    def label(self) -> str:
        return ROLE_NAMES[self]


ROLE_NAMES = {
    Role.OWNER: N_("Owner"),
    Role.DOCTOR: N_("Doctor"),
    Role.NURSE: N_("Nurse"),
    Role.HEALTH_MANAGER: N_("Health manager"),
    Role.RECEPTIONIST: N_("Receptionist"),
    Role.PHARMACIST: N_("Pharmacist"),
    Role.READ_ONLY: N_("Read-only"),
}

_DESK = {May.SIGNED_IN, May.FIND_PATIENTS, May.REGISTER, May.HANDLE_CARDS, May.DO_WORK}
_CLINICAL = _DESK | {May.SEE_CLINICAL, May.RECORD_CLINICAL, May.TAG, May.PRINT}

ROLES: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(set(May) - {May.ANYONE}),
    Role.DOCTOR: frozenset(_CLINICAL | {May.SIGN, May.SEE_SENSITIVE, May.ASSIGN_WORK, May.MAKE_RULES, May.BUILD_FORMS, May.IMPORT, May.EXPORT}),
    Role.NURSE: frozenset(_CLINICAL | {May.BUILD_FORMS, May.IMPORT}),
    Role.HEALTH_MANAGER: frozenset(_CLINICAL | {May.ASSIGN_WORK, May.BUILD_FORMS, May.IMPORT, May.EXPORT}),
    Role.RECEPTIONIST: frozenset(_DESK),
    Role.PHARMACIST: frozenset(_CLINICAL - {May.HANDLE_CARDS, May.REGISTER}),
    Role.READ_ONLY: frozenset({May.SIGNED_IN, May.FIND_PATIENTS, May.SEE_CLINICAL}),
}


class Actor(msgspec.Struct, frozen=True):
    """The acting member of staff. session_id: on which device they act; none for the house's own commands.

    also: what they may beside their role in this one request, because they broke the glass.
    """

    id: int
    name: str
    role: Role
    language: str
    session_id: int | None = None
    also: frozenset[May] = frozenset()

    def may(self, what: May) -> bool:
        return what in ROLES[self.role] or what in self.also
