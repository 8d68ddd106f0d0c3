"""Say which Yihe, Python and SQLite this is."""

import platform
import tomllib
from argparse import ArgumentParser, Namespace

from app.commands.environment import ROOT


def add_arguments(parser: ArgumentParser) -> None:
    """Takes none."""


def run(args: Namespace) -> int:
    from app.core.sqlite import sqlite3

    print(f"Yihe {yihe()}")
    print(f"Python {platform.python_version()}")
    print(f"SQLite {sqlite3.sqlite_version} ({sqlite3.__name__})")
    print(platform.platform())
    return 0


def yihe() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]
