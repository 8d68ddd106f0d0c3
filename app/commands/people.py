"""Import a list of people: `run.py import people FILE`. What is doubtful waits for somebody at a page, unless told otherwise."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from datetime import date
from pathlib import Path

from app.commands import folder


def add_arguments(kinds: "_SubParsersAction[ArgumentParser]") -> None:
    people = kinds.add_parser("people", help="a list of people", description="Register the people of a list, each once.")
    people.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB18030) or XLSX, any columns")
    people.add_argument("--source", default="", help="where the list comes from (default: as last time, else the file's name)")
    people.add_argument("--dates", choices=("dmy", "mdy"), default="", help="how birth dates are written, where the file does not say")
    people.add_argument("--ages-on", type=day, metavar="DATE", help="the day on which the ages were true, where there are no birth dates")
    people.add_argument("--alike", choices=("same", "new", "skip"), default="", help="what becomes of doubtful lines (default: they wait)")
    people.add_argument("--dry-run", action="store_true", help="count what would happen, register nobody")
    people.add_argument("--json", action="store_true", help="print the counts as one JSON object")
    people.set_defaults(bring=bring, told=told)
    folder.add_data(people)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date like 2026-11-21") from None


def bring(args: Namespace, content: bytes) -> dict:
    import msgspec

    from app.clinic import rosters
    from app.core.files import Files
    from app.main import open_clinic

    with folder.opening():
        db = open_clinic(args.data)
    try:
        id, counts = rosters.bring(
            db, None, Files(args.data / "files"), args.file.name, content, source=args.source, day_order=args.dates,
            ages_on=args.ages_on, alike=args.alike, dry_run=args.dry_run, told=None if args.json else progress,
        )
    finally:
        db.close()
    return {"list": id, "lines": counts.lines} | msgspec.to_builtins(counts)


def progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {done} of {total} lines", end="" if done < total else "\n", file=sys.stderr, flush=True)


def told(counts: dict, dry: bool) -> str:
    lines = ["Nobody was registered; this is what would happen:" if dry else "Done:"]
    return "\n".join(lines + [f"  {name.replace('_', ' '):14} {number}" for name, number in counts.items() if number])
