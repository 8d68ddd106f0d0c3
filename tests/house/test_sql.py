"""No SQL is put together from what somebody typed: the code is read, and every place that builds a statement is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
FIRST = {"value": 0, "execute": 0, "executemany": 0, "executescript": 0, "all": 1, "one": 1, "_ask": 0}  # where a statement stands among the arguments
NO_FILES = {"criterion", "re", "ext", "extending", "self", "crew"}  # objects whose methods are called like a file's

# Where a statement is put together, and of what: never of anything that came with a request.
COLUMNS = "tables and columns as the code names them"
BUILT = {
    "clinic/backups/digests.py:digests": "the file's own tables, quoted",
    "clinic/box/checking.py:_lines": "a check of the code's own, of one of the file's own tables",
    "clinic/box/checking.py:_mend": "the file's own indexes",
    "clinic/criteria/compiling.py:run": "the compiler: its parts are the code's, every value is bound",
    "clinic/dossiers/rows.py:_tables": COLUMNS,
    "clinic/dossiers/rows.py:_part": COLUMNS,
    "clinic/figures/grouping.py:groups": "one of the groupings the code names; another is a KeyError",
    "clinic/lists/assigning.py:_some": "doctor or manager, looked up in ROLES before",
    "clinic/lists/assigning.py:undo": "doctor or manager, as _some kept it",
    "clinic/lists/columns.py:_plain": COLUMNS,
    "clinic/lists/queries.py:page_of": "filtering.whom: the compiler's text and tests the code names, every value bound",
    "clinic/lists/queries.py:count": "as page_of",
    "clinic/lists/queries.py:ids": "as page_of",
    "clinic/patients/belongings.py:move": COLUMNS,
    "clinic/patients/belongings.py:_end_one_of_two": COLUMNS,
    "clinic/patients/belongings.py:picture": COLUMNS,
    "clinic/patients/merging.py:_restore": "tables and columns as the joining kept them",
    "clinic/patients/merging.py:_later_versions_go_too": COLUMNS,
    "clinic/patients/timeline.py:_read": "ids of records, which are numbers read from the file",
    "clinic/records/actions.py:put_back": COLUMNS,
    "clinic/records/joining.py:follow": COLUMNS,
    "clinic/records/queries.py:entries": COLUMNS,
    "clinic/records/queries.py:entry": COLUMNS,
    "clinic/records/queries.py:newest": COLUMNS,
    "clinic/records/queries.py:withheld": COLUMNS,
    "clinic/records/then.py:_then": COLUMNS,
    "clinic/tags/settling.py:differing": "the compiler's text",
    "clinic/tags/settling.py:dry_run": "the compiler's text",
    "clinic/work/handover.py:_take_over": "doctor or manager, of CREW",
    "clinic/work/listing.py:today": "one of two texts of the code",
    "core/db.py:Database.insert": "table and columns looked up in the schema",
    "core/db.py:Database.insert_many": "as insert",
    "core/db.py:Database.update": "as insert",
    "core/db.py:Database.execute": "hands on what it is given: its callers are read",
    "core/reading.py:Reading._ask": "hands on what it is given: its callers are read",
    "core/migrations.py:planned.apply": "the migrations' own text",
}


def statements(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """(function, expression) of every statement handed to the file."""
    for scope, call in _calls(tree, ""):
        if isinstance(call.func, ast.Attribute) and call.func.attr in FIRST and not _elsewhere(call.func):
            place = FIRST[call.func.attr]
            given = call.args[place] if len(call.args) > place else next((k.value for k in call.keywords if k.arg == "sql"), None)
            if given is not None:
                yield scope, given


def _calls(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inner = f"{scope}.{child.name}".lstrip(".") if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else scope
        if isinstance(child, ast.Call):
            yield inner, child
        yield from _calls(child, inner)


def _elsewhere(func: ast.Attribute) -> bool:
    return isinstance(func.value, ast.Name) and func.value.id in NO_FILES


def is_fixed(sql: ast.expr, among: frozenset[str] = frozenset()) -> bool:
    """A text of the code's own: written here, or made of constants of a module, which stood before anybody typed anything.

    among: names that run through such texts.
    """
    if isinstance(sql, ast.IfExp):
        return is_fixed(sql.body, among) and is_fixed(sql.orelse, among)
    if isinstance(sql, ast.JoinedStr):
        return all(is_fixed(part.value if isinstance(part, ast.FormattedValue) else part, among) for part in sql.values)
    if isinstance(sql, ast.BinOp):
        return is_fixed(sql.left, among) and is_fixed(sql.right, among)
    name = sql.id if isinstance(sql, ast.Name) else sql.attr if isinstance(sql, ast.Attribute) else ""
    return isinstance(sql, ast.Constant) or name.isupper() or name in among


def running(tree: ast.AST) -> frozenset[str]:
    """Names of loops over constants: `for sql in (OLD, NEW)`."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name)]
    return frozenset(one.target.id for one in loops if (all(map(is_fixed, one.iter.elts)) if isinstance(one.iter, ast.Tuple) else is_fixed(one.iter)))


def built(code: str) -> set[str]:
    """The functions that hand over a statement which is not simply the code's own."""
    tree = ast.parse(code)
    return {scope for scope, sql in statements(tree) if not is_fixed(sql, running(tree))}


def test_every_place_that_builds_a_statement_is_known() -> None:
    found = {f"{path.relative_to(APP).as_posix()}:{scope}" for path in sorted(APP.rglob("*.py")) for scope in built(path.read_text("utf-8"))}
    assert found - BUILT.keys() == set(), "let SQLite bind the value, or say above what the statement is made of"
    assert BUILT.keys() - found == set(), "not built there any more"


@pytest.mark.parametrize("wrong", [
    'db.all(int, f"SELECT id FROM patients WHERE name = \'{name}\'")',
    'db.all(int, "SELECT id FROM patients WHERE name = \'" + name + "\'")',
    'db.value("SELECT %s FROM patients" % column)',
    'db.value("SELECT {} FROM patients".format(column))',
    'db.one(tuple, NAMED.format(column=request.query_params["sort"]))',
    'db.execute(" ".join(["DELETE FROM", table]))',
    'sql = f"DELETE FROM {table}"; db.execute(sql)',
    'for sql in (NAMED, typed): db.execute(sql)',
    'connection.execute(typed)',
    'db.all(int, sql=typed)',
])
def test_the_reading_sees_what_is_put_together(wrong: str) -> None:
    assert built(f"def show(db, name):\n    {wrong}") == {"show"}


@pytest.mark.parametrize("right", [
    'db.all(int, NAMED, name=name)', 'db.value("SELECT 1")', 'db.value(f"{NAMED} LIMIT 1")', "for sql in (OLD, NEW): db.execute(sql)",
    "db.one(tuple, OLD if old else NEW)", "db.one(tuple, queries.NAMED)",
])
def test_the_reading_lets_the_codes_own_text_pass(right: str) -> None:
    assert built(f"def show(db, name):\n    {right}") == set()
