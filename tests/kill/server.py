"""The real server with one listener more, which dwells in every transaction and says so in a file.

    server.py FOLDER PORT MARK first|last       before or after the house's own listeners
"""

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from app import parts  # noqa: E402
from app.commands import serve  # noqa: E402

DWELL = 0.02


def main(folder: str, port: str, mark: str, place: str) -> int:
    file = os.open(mark, os.O_CREAT | os.O_WRONLY)

    def dwell(db, events) -> None:
        os.pwrite(file, f"{max(event.id for event in events):12d}".encode(), 0)
        time.sleep(DWELL)

    parts.WITHIN.insert(0 if place == "first" else len(parts.WITHIN), dwell)
    asked = ArgumentParser()
    serve.add_arguments(asked)
    return serve.run(asked.parse_args(["--data", folder, "--port", port]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
