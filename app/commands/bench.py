"""Measure the house beside a floor that does the least possible; takes some minutes."""

from argparse import ArgumentParser, Namespace

from app.commands import demo, folder
from app.commands.environment import ROOT, say


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--patients", type=demo.positive, default=100_000, metavar="N",
                        help="how many people the clinic to measure has, if it is to be made (default: 100000)")
    folder.add_data(parser, ROOT / "data" / "bench")


def run(args: Namespace) -> int:
    """The clinic measured is an invented one; it is made where it is not there yet, and written to."""
    from bench import house
    from bench.table import table

    if not (args.data / "clinic.db").exists():
        with folder.held(args.data):
            demo.make(Namespace(data=args.data, patients=args.patients, years=6, seed=1))
    print(table(house.run(args.data, say)))
    return 0
