#!/usr/bin/env python3
"""Yihe: one entry. `python3 run.py` starts the clinic, `python3 run.py --help` lists what else it does."""

import sys

if sys.version_info < (3, 11):  # this file alone must be readable by any Python, to be able to say so
    sys.stderr.write("Yihe needs Python 3.11 or newer; this is Python %d.%d.\n" % sys.version_info[:2])
    sys.exit(2)

from app.commands import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
