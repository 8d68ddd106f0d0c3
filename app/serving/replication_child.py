"""Litestream for as long as Yihe lives: it ends when our standard input does, however that came about.

    python replication_child.py LOCK COMMAND…

The lock is held by Litestream itself too, so a new Yihe waits here until the former one's has sent its last. Run as a
file, standard library only.
"""

import fcntl
import os
import subprocess
import sys
import threading

LET_GO_SECONDS = 20


def main(lock: str, *command: str) -> int:
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[held])
    threading.Thread(target=end_with_input, args=[child], daemon=True).start()
    return child.wait()


def end_with_input(child: subprocess.Popen) -> None:
    sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(LET_GO_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
