"""The real server, which also does a piece of background work when told a word on its standard input.

    python -m bench.server FOLDER PORT          words: rules, import FILE
"""

import sys
import threading
from argparse import ArgumentParser
from pathlib import Path

from app import main
from app.commands import serve


def main_(folder: str, port: str) -> int:
    made = main.create_app

    def create_app(where: Path, **options):
        app = made(where, **options)
        threading.Thread(target=listen, args=(app.state,), daemon=True).start()
        return app

    main.create_app = create_app
    asked = ArgumentParser()
    serve.add_arguments(asked)
    return serve.run(asked.parse_args(["--data", folder, "--port", port]))


def listen(state) -> None:
    """Do what the next line says, in this thread, as the house's own tasks would; then say it is done."""
    from bench import background

    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        getattr(background, word)(state, rest)
        print(f"done {word}", flush=True)


if __name__ == "__main__":
    sys.exit(main_(*sys.argv[1:]))
