"""The commands of run.py: one module each, with `add_arguments(parser)` and `run(args) -> int`.

A command's module imports only the standard library until `run` is called: `--help` and a wrong
argument are answered before anything is installed, and the clinic starts without loading the rest.
"""

import argparse
import sys
from importlib import import_module
from typing import NoReturn

from app.commands import environment

COMMANDS = ("serve", "demo", "import", "user", "check", "backup", "restore", "verify-backup", "replicate", "questionnaire", "verify", "test", "bench", "version")
PYTHON_WORDS = {"import": "imports", "verify-backup": "verify_backup"}  # what no module can be called


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help\n")


def make_parser() -> Parser:
    parser = Parser(prog="run.py", description="Yihe 医和: a clinic's patients, cared for. Without a command: serve.")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name in COMMANDS:
        module = import_module(f"app.commands.{PYTHON_WORDS.get(name, name)}")
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: list[str]) -> int:
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["serve", *argv]
    parser = make_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and args.command != "test":
        parser.error(f"unknown argument {rest[0]}")
    args.rest = rest
    try:
        if not environment.inside():
            return environment.enter(argv, with_tests=args.command == "test")
        return args.run(args)
    except environment.Unready as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
