"""Make an invented clinic to try everything on, and serve it."""

import shutil
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from app.commands import folder, serve
from app.commands.environment import ROOT, Unready, say

NAMED = 9  # of a large clinic's staff only those with names are told

def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--patients", type=positive, default=60, metavar="N", help="how many people (default: 60)")
    parser.add_argument("--years", type=positive, default=6, metavar="Y", help="how many years of results (default: 6)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes other people (default: 1)")
    parser.add_argument("--no-serve", action="store_true", help="only make it")
    folder.add_data(parser, ROOT / "data" / "demo")
    serve.add_address(parser)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return int(text)


def run(args: Namespace) -> int:
    with folder.held(args.data):
        if (args.data / "clinic.db").exists():
            if args.no_serve:
                raise Unready(f"There is a clinic in {args.data} already; nothing was changed. Name another folder with --data.", 2)
            say(f"The clinic in {args.data} is there already. For a new one, delete the folder or name another with --data.")
        else:
            make(args)
        return 0 if args.no_serve else serve.serve(args)


def make(args: Namespace) -> None:
    """Made beside its place and moved there whole: an interrupted demo leaves none."""
    from app.clinic import upkeep
    from app.main import open_clinic

    half = args.data / "unfinished"
    shutil.rmtree(half, ignore_errors=True)
    say(f"Making an invented clinic with {args.patients} people and {args.years} years of results …")
    db = open_clinic(half)
    try:
        sign_ins = upkeep.make_demo(db, args.patients, args.years, args.seed, Progress())
    finally:
        db.close()
    for path in half.iterdir():
        path.replace(args.data / path.name)
    half.rmdir()
    show(sign_ins)


def show(sign_ins: list) -> None:
    say("\nStaff of the demo. The passwords are made up just now and shown only here:\n")
    for one in sign_ins[:NAMED]:
        say(f"  {one.sign_in:8} {one.password}   {one.role:15} {one.name}")
    if len(sign_ins) > NAMED:
        say(f"  and {len(sign_ins) - NAMED} more doctors and managers; `user passwd` lets one of them in")


class Progress:
    """A bar on a terminal, a line for each tenth elsewhere."""

    def __init__(self) -> None:
        self.tenth = 0

    def __call__(self, done: int, total: int) -> None:
        share = done / total
        if sys.stdout.isatty():
            print(f"\r  [{'#' * int(share * 40):<40}] {share:4.0%}", end="" if done < total else "\n", flush=True)
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            say(f"  {self.tenth * 10} %")
