"""Look questionnaire files (FHIR R4, JSON) over: `run.py questionnaire check FILE…`. Exit 1 on an error.

Any file gets a list of findings, also one that is no questionnaire. No clinic is opened and nothing is written.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.clinic.questionnaires.linting import Findings


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    description = "What is wrong with these files, what to look at, and what in them is not done here."
    check = actions.add_parser("check", help="what is wrong with these files", description=description)
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.add_argument("--json", action="store_true", help="print one JSON object per file, each on a line")


def run(args: Namespace) -> int:
    from app.clinic import questionnaires
    from app.core import words

    words.speak("en")  # as everything in the terminal
    sound = True
    for path in args.files:
        findings = questionnaires.check_file(path)
        sound = sound and findings.ok
        name = str(path).encode(errors="replace").decode()
        sys.stdout.write(as_json(name, findings) if args.json else as_text(name, findings))
        sys.stdout.flush()
    return 0 if sound else 1


def as_json(name: str, findings: "Findings") -> str:
    """ASCII only, so that no terminal can fail to print it."""
    lists = {
        kind: [{"code": one.code, "path": one.path, "message": one.message} for one in getattr(findings, kind)]
        for kind in ("errors", "warnings", "unsupported")
    }
    return json.dumps({"file": name, "ok": findings.ok} | lists) + "\n"


def as_text(name: str, findings: "Findings") -> str:
    lines = [
        f"  {kind:11} {one.path}: {one.message} [{one.code}]"
        for kind, found in (("error", findings.errors), ("warning", findings.warnings), ("unsupported", findings.unsupported)) for one in found
    ]  # fmt: skip
    counts = f"{len(findings.errors)} error(s), {len(findings.warnings)} warning(s), {len(findings.unsupported)} unsupported"
    text = "\n".join([f"{name}: {'ok' if findings.ok else 'not ok'}; {counts}", *lines]) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
