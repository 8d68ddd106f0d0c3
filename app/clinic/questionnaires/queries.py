"""Which questionnaires there are, their versions and what is being built."""

import msgspec

from app.clinic.questionnaires.reading import read
from app.clinic.questionnaires.shapes import Definition
from app.core.db import Database
from app.core.words import pick


class Listed(msgspec.Struct, frozen=True):
    """A questionnaire as lists show it. version_id, number: of the version in force, none before the first. revision: of its draft."""

    id: int
    code: str
    origin: str
    is_on: bool
    retired: bool
    version_id: int | None
    number: int | None
    title_zh: str
    title_en: str
    use: str
    revision: int | None

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)


class Version(msgspec.Struct, frozen=True):
    """published_at: UTC stamp. by: who published it, blank for the house."""

    id: int
    questionnaire_id: int
    code: str
    origin: str
    number: int
    title_zh: str
    title_en: str
    use: str
    fhir: str
    published_at: str
    by: str

    @property
    def definition(self) -> Definition:
        """Read once a process, not once a request."""
        return read(self.fhir)

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)


class Draft(msgspec.Struct, frozen=True):
    """by: who saved it last. saved_at: UTC stamp."""

    questionnaire_id: int
    code: str
    fhir: str
    revision: int
    by: str
    saved_at: str


_LATEST = "(SELECT max(id) FROM questionnaire_versions WHERE questionnaire_id = q.id)"
LIST = f"""
SELECT q.id, q.code, q.origin, q.is_on, q.retired_event_id IS NOT NULL AS retired, v.id AS version_id, v.number,
  coalesce(v.title_zh, '') AS title_zh, coalesce(v.title_en, '') AS title_en, coalesce(v.use, '') AS use, d.revision
FROM questionnaires q LEFT JOIN questionnaire_versions v ON v.id = {_LATEST} LEFT JOIN questionnaire_drafts d ON d.questionnaire_id = q.id
ORDER BY q.id
"""


def everything(db: Database) -> list[Listed]:
    """All of them, retired, switched off and never published ones too."""
    return db.all(Listed, LIST)


_VERSION = """
SELECT v.id, v.questionnaire_id, q.code, q.origin, v.number, v.title_zh, v.title_en, v.use, v.fhir, e.at AS published_at,
  coalesce(s.name, '') AS by
FROM questionnaire_versions v JOIN questionnaires q ON q.id = v.questionnaire_id JOIN events e ON e.id = v.published_event_id
  LEFT JOIN staff s ON s.id = e.actor_id
"""
CURRENT = f"{_VERSION} WHERE v.id = {_LATEST} AND q.is_on = 1 AND q.retired_event_id IS NULL ORDER BY q.id"


def current(db: Database, use: str | None = None) -> list[Version]:
    """What is offered: the version in force of each that is on and not retired."""
    return [version for version in db.all(Version, CURRENT) if use is None or version.use == use]


BY_ID = f"{_VERSION} WHERE v.id = :id"


def version(db: Database, id: int) -> Version | None:
    return db.one(Version, BY_ID, id=id)


BY_CODE = f"{_VERSION} WHERE q.code = :code AND v.id = {_LATEST}"


def by_code(db: Database, code: str) -> Version | None:
    """The version in force, whether it is offered or not."""
    return db.one(Version, BY_CODE, code=code)


OF_ONE = f"{_VERSION} WHERE v.questionnaire_id = :id ORDER BY v.number DESC"


def versions(db: Database, questionnaire_id: int) -> list[Version]:
    """Newest first."""
    return db.all(Version, OF_ONE, id=questionnaire_id)


DRAFT = """
SELECT d.questionnaire_id, q.code, d.fhir, d.revision, coalesce(s.name, '') AS by, d.saved_at
FROM questionnaire_drafts d JOIN questionnaires q ON q.id = d.questionnaire_id LEFT JOIN staff s ON s.id = d.staff_id
WHERE d.questionnaire_id = :id
"""


def draft(db: Database, questionnaire_id: int) -> Draft | None:
    return db.one(Draft, DRAFT, id=questionnaire_id)


ROW = "SELECT id, code, origin, is_on, shipped, retired_event_id FROM questionnaires WHERE id = :id"
ROW_BY_CODE = "SELECT id, code, origin, is_on, shipped, retired_event_id FROM questionnaires WHERE code = :code"


class Row(msgspec.Struct, frozen=True):
    id: int
    code: str
    origin: str
    is_on: bool
    shipped: str | None
    retired_event_id: int | None


def row(db: Database, id: int) -> Row | None:
    return db.one(Row, ROW, id=id)


def row_by_code(db: Database, code: str) -> Row | None:
    return db.one(Row, ROW_BY_CODE, code=code)


MADE_WITH = "SELECT id FROM questionnaires WHERE token = :token"


def made_with(db: Database, token: str) -> int | None:
    return db.value(MADE_WITH, token=token)
