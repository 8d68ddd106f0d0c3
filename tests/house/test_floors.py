"""The promises of the house, kept by reading the code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
APP = ROOT / "app"
ORDER = (
    "catalogue staff patients breakglass cards records households observations attachments completeness questionnaires responses invitations encounters risks criteria tags work lists figures careplans "
    "advice exams rosters appointments fees feedback reports mistakes dossiers backups box upkeep"
).split()
FLOORS = {"core": 0, "words": 0, "clinic": 1, "routes": 2, "tasks": 2, "serving": 3, "commands": 3}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "service", "base", "common"}
LONGEST_FILE = 300
FILES = sorted(APP.rglob("*.py"))
IDS = [str(path.relative_to(APP)) for path in FILES]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "app":
        return None
    if len(parts) > 1 and parts[1] in FLOORS:
        return FLOORS[parts[1]]
    return 3 if len(parts) > 1 else None


def place(path: Path) -> tuple[str, ...]:
    return path.relative_to(APP).parts


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_imports_only_go_down(path: Path) -> None:
    here = place(path)[0].removesuffix(".py")
    mine = FLOORS.get(here, 3)
    above = {name for name in imports(path) if (floor(name) or 0) > mine}
    sideways = {name for name in imports(path) if {here, *name.split(".")[1:2]} == {"routes", "tasks"}}
    assert not above and not sideways


def test_no_file_is_read_in_a_form_that_runs_what_it_holds() -> None:
    """A backup or a message that somebody put a program into is only data."""
    running = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    assert [str(path) for path in FILES if imports(path) & running] == [] and len(FILES) > 300


@pytest.mark.parametrize("path", [p for p in FILES if place(p)[0] == "clinic" and len(place(p)) > 2], ids=str)
def test_a_package_uses_only_earlier_ones_and_only_their_front_door(path: Path) -> None:
    mine = place(path)[1]
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] != ["app", "clinic"] or len(parts) < 3 or parts[2] == mine:
            continue
        assert ORDER.index(parts[2]) < ORDER.index(mine), f"{mine} reaches up to {parts[2]}"
        inner = APP / "clinic" / parts[2]
        if len(parts) > 3:
            assert not (inner / f"{parts[3]}.py").exists(), f"{name} passes by the front door"


@pytest.mark.parametrize("path", [p for p in FILES if place(p)[0] not in ("clinic",)], ids=str)
def test_others_use_the_clinics_front_doors(path: Path) -> None:
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] == ["app", "clinic"] and len(parts) > 3:
            assert not (APP / "clinic" / parts[2] / f"{parts[3]}.py").exists(), f"{name} passes by the front door"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_litestar_and_huey_stay_in_their_rooms(path: Path) -> None:
    here = place(path)
    roots = {name.split(".")[0] for name in imports(path)}
    if here[0] != "routes" and here != ("main.py",):
        assert "litestar" not in roots
    if here[0] != "tasks" and here != ("main.py",):
        assert "huey" not in roots


SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.DOTALL)
SQL_ROOMS = {("core", "db.py"), ("core", "chain.py"), ("core", "links.py"), ("core", "settings.py"), ("core", "migrations.py")}


@pytest.mark.parametrize("path", [p for p in FILES if place(p)[0] != "clinic" and place(p) not in SQL_ROOMS], ids=str)
def test_sql_lives_in_the_clinic(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not SQL.search(node.value), f"SQL at line {node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_the_sqlite_module_comes_from_one_place(path: Path) -> None:
    if place(path) != ("core", "sqlite.py"):
        assert not {"sqlite3", "pysqlite3"} & {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_files_are_short_and_well_named(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert not FORBIDDEN_NAMES & {part.removesuffix(".py") for part in place(path)}


def test_no_template_carries_inline_script_style_or_unsafe_markup() -> None:
    wrong = re.compile(r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|<style|\|\s*safe\b""", re.IGNORECASE)
    for path in (APP / "templates").rglob("*.html"):
        if "pdf" in path.relative_to(APP / "templates").parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not wrong.search(line), f"{path.relative_to(APP)}:{number}: {line.strip()[:80]}"
