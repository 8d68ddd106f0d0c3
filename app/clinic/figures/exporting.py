"""The answers to a questionnaire as a table: a row per response, a column per question. Each time is written down."""

from collections import defaultdict
from collections.abc import Iterator

from app.clinic import criteria, patients, responses
from app.clinic.questionnaires import Version
from app.clinic.responses import Answer
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_, _, pick, speaking

events.declare(
    "answers.exported", "", clinical=False,
    describe=lambda details: _("Took %(n)s answered questionnaires out as a file: %(title)s", n=details["n"], title=pick(*details["title"])),
)

HANDFUL = 300
_STANDING = """
FROM responses r JOIN patients p ON p.id = r.patient_id JOIN questionnaire_versions v ON v.id = r.version_id
WHERE r.questionnaire_id = :questionnaire AND r.completed_at IS NOT NULL AND r.retired_event_id IS NULL
  AND p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL
"""
COUNT = f"SELECT count(*) {_STANDING}"
PEOPLE = f"SELECT DISTINCT p.id {_STANDING}"
SOME = f"""
SELECT r.id, p.number, p.sex, p.birth_date, r.completed_at, r.asked_by, v.number {_STANDING} AND r.id > :after ORDER BY r.id LIMIT :most
"""
ASKED = "SELECT DISTINCT link_id, is_score FROM answers WHERE questionnaire_id = :questionnaire AND retired_event_id IS NULL"
ANSWERS = """
SELECT id, response_id, code, link_id, path, n, kind, number, choice, words, ordinal, at, is_score, band, level FROM answers
WHERE response_id IN (SELECT value FROM json_each(:responses)) AND retired_event_id IS NULL ORDER BY id
"""


def note(db: Database, actor: Actor, version: Version) -> None:
    """Who took what out, and how many."""
    with db.change(actor, "answers.exported") as details:
        n = db.value(COUNT, questionnaire=version.questionnaire_id)
        details |= {"questionnaire": version.questionnaire_id, "title": [version.title_zh, version.title_en], "n": n}


def people(db: Database, version: Version) -> list[int]:
    """Of whom the table has answers."""
    return db.all(int, PEOPLE, questionnaire=version.questionnaire_id)


def table(db: Database, actor: Actor, version: Version) -> Iterator[list[str]]:
    """Heading, then every response that stands; read in handfuls. Names stay here: the patient's number finds them."""
    columns, after = _columns(db, version), 0
    with speaking(actor.language):
        heading = [_("Patient number"), _("Sex"), _("Birth date"), _("Answered at"), _("By whom"), _("Version"),
                   *(_head(version, link_id, actor.language) for link_id in columns)]
    yield heading
    while rows := db.all(tuple, SOME, questionnaire=version.questionnaire_id, after=after, most=HANDFUL):
        after = rows[-1][0]
        with speaking(actor.language):
            lines = list(_lines(db, rows, version, columns))
        yield from lines


def _columns(db: Database, version: Version) -> list[str]:
    """As the version in force asks, then what only earlier ones asked; scores at the end."""
    found = dict(db.all(tuple, ASKED, questionnaire=version.questionnaire_id))
    order = {link_id: n for n, link_id in enumerate(version.definition.by_id)}
    return sorted(found, key=lambda link_id: (found[link_id], order.get(link_id, len(order)), link_id))


def _head(version: Version, link_id: str, language: str) -> str:
    item = version.definition.by_id.get(link_id)
    text = item.text.said(language)[0] if item else ""
    return f"{link_id} {text}".strip()


def _lines(db: Database, rows: list[tuple], version: Version, columns: list[str]) -> Iterator[list[str]]:
    said: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for answer in db.all(Answer, ANSWERS, responses=str([row[0] for row in rows])):
        said[answer.response_id][answer.link_id].append(_said(version.code, answer))
    for id, number, sex, born, at, hand, n in rows:
        cells = [_("; ").join(said[id].get(link_id, ())) for link_id in columns]
        yield [number, _(patients.SEXES[sex]), born or "", at.replace("T", " "), _(responses.HANDS[hand]), str(n), *cells]


def _said(code: str, answer: Answer) -> str:
    if answer.kind == "choice":
        return criteria.answers.choice_name(f"{code}/{answer.link_id}", answer.choice) if answer.choice else answer.words or ""
    if answer.kind == "boolean":
        return criteria.answers.choice_name(None, "true" if answer.number else "false")
    return f"{answer.number:.10g}" if answer.number is not None else answer.words or ""
