"""Manage: the rules that set tags. Read, dry-run, switch, and build one's own."""

from typing import Any

from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import criteria, patients, tags
from app.core.access import May
from app.core.errors import Conflict, NotFound
from app.core.forms import Form, bind, blank
from app.core.words import N_, _, language
from app.routes import sitting
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post


@get("/manage/rules", needs=May.SEE_CLINICAL, slow=True)
def index(db: TheDb) -> Page:
    return page("tags/rules.html", rules=tags.rules(db), counts=tags.counts(db), status_words=tags.status_words)


@get("/manage/rules/new", needs=May.MAKE_RULES)
def new(db: TheDb) -> Page:
    return _build(db, "", blank(tags.NewRule, level="info"), tags.draft({}, "add all"))


@post("/manage/rules/draft", needs=May.MAKE_RULES)
def draft(db: TheDb, data: Fields) -> Page:
    """A button of the builder: a row more, a row less, or how the rule reads and whom it would find."""
    change = _text(data, "change")
    form = Form({name: _text(data, name) for name in blank(tags.NewRule).raw})
    return _build(db, _text(data, "code"), form, tags.draft(data, change), _text(data, "version"), tried=change == "try")


@post("/manage/rules", needs=May.MAKE_RULES)
def create(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form, built, code = bind(tags.NewRule, data), tags.draft(data), _text(data, "code")
    if not form.ok or built.criterion is None:
        return _build(db, code, form, built, _text(data, "version"), tried=True, status=422)
    try:
        _still(db, code, form, built, _text(data, "version"))
        made = form.attempt(lambda rule: tags.make_rule(db, actor, rule, built.criterion, code))
    except Conflict as conflict:
        return _build(db, code, form, built, str(tags.rule(db, code).version), tried=True, status=409, conflict=conflict)
    return go(request, f"/manage/rules/{made}") if made else _build(db, code, form, built, _text(data, "version"), True, 422)


def _still(db: TheDb, code: str, form: Form, built: tags.Draft, version: str) -> None:
    """Raises Conflict with both texts when the rule has a newer version than the one that was opened."""
    now = tags.rule(db, code) if code and version else None
    if now is None or str(now.version) == version:
        return
    mine = (form.raw["name_zh"], form.raw["name_en"], form.raw["source"], criteria.sentence(built.criterion, language()))
    theirs = (now.name_zh, now.name_en, now.source_zh, criteria.sentence(tags.tree_of(now.criterion), language()))
    labels = (N_("Name of the tag in Chinese"), N_("Name of the tag in English"), N_("Where it comes from"), N_("Rule"))
    raise Conflict(patients.STALE, [row for row in zip(labels, mine, theirs, strict=True) if row[1] != row[2]])


@get("/manage/rules/{rule_code:str}", needs=May.SEE_CLINICAL, slow=True)
def show(request: Request, db: TheDb, rule_code: FromPath[str]) -> Page:
    rule = _rule(db, rule_code)
    run = tags.dry_run(db, rule.criterion, rule.code)
    return page(
        "tags/rule.html", until=sitting.until(request, db), rule=rule, run=run, people=_people(db, [*run.gaining, *run.losing, *(holders := tags.holders(db, rule.code))]),
        holders=holders, count=tags.counts(db).get(rule.code, 0), sentences=tags.sentences(rule), versions=tags.versions(db, rule.code),
        status_words=tags.status_words, told_rule=tags.told_rule, levels=tags.LEVELS,
        buildable=tags.draft_of(tags.tree_of(rule.criterion)) is not None,
    )


@get("/manage/rules/{rule_code:str}/edit", needs=May.MAKE_RULES)
def edit(db: TheDb, rule_code: FromPath[str]) -> Page:
    """The clinic's own rule; of a shipped one, a copy to make one's own."""
    rule = _rule(db, rule_code)
    built = tags.draft_of(tags.tree_of(rule.criterion))
    if built is None:
        raise NotFound()
    own = rule.own
    names = {} if own else {"name_zh": f"{rule.name_zh}（本诊所）", "name_en": f"{rule.name_en} (our clinic)"}
    given = {"name_zh": rule.name_zh, "name_en": rule.name_en, "level": rule.level, "source": rule.source_zh} | names
    return _build(db, rule.code if own else "", blank(tags.NewRule, **given), built, str(rule.version) if own else "")


@post("/manage/rules/{rule_code:str}/switch", needs=May.MAKE_RULES)
def switch(request: Request, db: TheDb, actor: TheActor, rule_code: FromPath[str], data: Fields) -> Response:
    """Everybody's tags follow at once, in chunks."""
    tags.switch(db, actor, _rule(db, rule_code).code, _text(data, "on") == "1")
    return go(request, f"/manage/rules/{rule_code}")


def _rule(db: TheDb, code: str) -> tags.Rule:
    rule = tags.rule(db, code)
    if rule is None:
        raise NotFound()
    return rule


def _people(db: TheDb, ids: list[int]) -> dict[int, patients.Patient]:
    return patients.get_many(db, sorted(set(ids)))


def _text(data: dict[str, Any], name: str) -> str:
    given = data.get(name, "")
    return str(given[-1] if isinstance(given, list) else given or "").strip()


def _build(
    db: TheDb, code: str, form: Form, built: tags.Draft, version: str = "", tried: bool = False, status: int = 200,
    conflict: Conflict | None = None,
) -> Page:
    """Errors show once the person has asked for a try or a save. version: the one that was opened."""
    whole = built.criterion if tried else None
    return page(
        "tags/build.html", "builder", code=code, version=version, conflict=conflict, form=form, rows=built.groups, errors=built.errors if tried else {},
        sentences=[(one, criteria.sentence(whole, one)) for one in ("zh", "en")] if whole else [],
        run=tags.dry_run(db, criteria.dump(whole), code) if whole else None, whats=tags.whats(db),
        groups=[(name, _(label)) for name, label in tags.GROUPS.items()], ops=[(op, _(label)) for op, label in tags.OPS.items()],
        takes=[(take, _(label)) for take, label in tags.TAKES.items()], levels=[(level, _(label)) for level, label in tags.LEVELS.items()],
        status=status,
    )


handlers = [index, new, draft, create, show, edit, switch]
