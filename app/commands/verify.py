"""Run files of cases (vectors) through the shipped scores: what passed, the worst error. Exit 1 on a failure."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.environment import Unready

if TYPE_CHECKING:
    from app.clinic.questionnaires.verifying import Report

MOST_SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("place", type=Path, metavar="DIR", help="a folder of vector files, or one file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    from app.clinic.questionnaires import verifying

    if not args.place.exists():
        raise Unready(f"{args.place} does not exist", 2)
    report = verifying.verify(args.place)
    print(_json(report) if args.json else "\n".join(_lines(report)))
    return 0 if report.ok else 1


def _json(report: "Report") -> str:
    import msgspec

    cases, passed = (sum(getattr(tally, name) for tally in report.models) for name in ("cases", "passed"))
    return json.dumps({"ok": report.ok, "cases": cases, "passed": passed, **msgspec.to_builtins(report)}, ensure_ascii=False)


def _lines(report: "Report") -> list[str]:
    lines = [f"{'model':28} {'cases':>5} {'passed':>6}  worst error"]
    for tally in report.models:
        worst = "-" if tally.worst_error is None else f"{tally.worst_error:g}"
        lines.append(f"{tally.model:28} {tally.cases:5} {tally.passed:6}  {worst}")
    lines += [f"{name:28} {number:5} {'-':>6}  not built" for name, number in report.not_built.items()]
    lines += [f"{name} {why}" for name, why in report.unread.items()] + [f"{name} is about something else" for name in report.ignored]
    for tally in report.models:
        lines += _shown("failed", [f"{one.id} {one.key}: expected {one.expected}, got {one.got}{_why(one.why)}" for one in tally.failures])
        lines += _shown("note", [f"{one.id} {one.why}" for one in tally.notes])
        lines += _shown("not compared", [f"{one.id} {one.key}: {one.expected[:60]}{_why(one.why)}" for one in tally.not_compared])
    cases, passed = sum(tally.cases for tally in report.models), sum(tally.passed for tally in report.models)
    return [*lines, f"{passed} of {cases} passed." + ("" if report.models else " No case of a model that is built.")]


def _shown(what: str, found: list[str]) -> list[str]:
    more = [f"  … and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
    return [f"  {what}: {one}" for one in found[:MOST_SHOWN]] + more


def _why(why: str) -> str:
    return f" ({why})" if why else ""
