"""Import check-up results, or a list of people, from a CSV or XLSX file."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands import folder, people
from app.commands.environment import Unready


def add_arguments(parser: ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="checkups|people", required=True)
    people.add_arguments(kinds)
    checkups = kinds.add_parser("checkups", help="results of check-ups", description="Import check-up results from a file.")
    checkups.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or GB18030) or XLSX")
    checkups.add_argument("--create-patients", action="store_true", help="register people who are not known yet")
    checkups.add_argument("--work-from", type=people.day, metavar="DATE",
                          help="results since this day make dated work; older ones a recall list (default: 90 days ago)")
    checkups.add_argument("--dates", choices=("dmy", "mdy", "ymd"), default="", help="how days are written, where the file does not say")
    checkups.add_argument("--sender", default="", help="who sent the file (default: as last time, else the file's name)")
    checkups.add_argument("--dry-run", action="store_true", help="count what would happen, file nothing")
    checkups.add_argument("--json", action="store_true", help="print the counts as one JSON object")
    checkups.set_defaults(bring=import_file, told=told)
    folder.add_data(checkups)


def run(args: Namespace) -> int:
    from app.core.errors import Refusal
    from app.core.words import speaking

    content = read(args.file)
    with folder.held(args.data), speaking("en"):
        try:
            counts = args.bring(args, content)
        except Refusal as refusal:
            raise Unready(f"{args.file}: {refusal}") from None
    print(json.dumps(counts, ensure_ascii=False) if args.json else args.told(counts, args.dry_run))
    return 0


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Unready(f"{path} cannot be read: {problem.strerror or problem}", 2) from None


def import_file(args: Namespace, content: bytes) -> dict:
    import msgspec

    from app.clinic import exams
    from app.core.files import Files
    from app.main import open_clinic

    with folder.opening():
        db = open_clinic(args.data)
    try:
        batch, rehearsal = exams.import_file(
            db, None, Files(args.data / "files"), args.file.name, content, sender=args.sender,
            create_patients=args.create_patients, work_from=args.work_from, day_order=args.dates, dry_run=args.dry_run,
            told=None if args.json else people.progress,
        )
    finally:
        db.close()
    return msgspec.to_builtins(rehearsal) if rehearsal else batch.summary()


def told(counts: dict, dry: bool) -> str:
    lines = ["Nothing was filed; this is what would happen:" if dry else "Done:"]
    lines += [f"  {name.replace('_', ' '):18} {number}" for name, number in counts.items() if name != "reasons"]
    return "\n".join(lines + [f"    {reason:16} {number}" for reason, number in counts["reasons"].items()])
