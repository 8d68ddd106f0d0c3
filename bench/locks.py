"""Write the two locks, or check that they resolve to wheels wherever Yihe is to run. Needs `uv` on the PATH.

    python3 bench/locks.py write        requirements.in -> requirements.txt, requirements-test.in -> requirements-test.txt, and so on
    python3 bench/locks.py platforms    a dry run of each lock for each Python and platform below; a minute or two
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements", "requirements-test", "requirements-replication")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux ARM64": "aarch64-manylinux_2_28",
    "Windows x86-64": "x86_64-pc-windows-msvc",
    "Apple silicon": "aarch64-apple-darwin",
}


def write() -> int:
    for name in LOCKS:
        command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0], "--upgrade"]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-annotate"]
        command += ["--custom-compile-command", "python3 bench/locks.py write"]
        subprocess.run([*command, f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT, check=True)
    return 0


def platforms() -> int:
    failures = 0
    for name in LOCKS:
        for title, platform in PLATFORMS.items():
            for python in PYTHONS:
                problem = missing_wheel(f"{name}.txt", platform, python)
                print(f"{name + '.txt':22} {title:15} Python {python}: {problem or 'wheels for everything'}", flush=True)
                failures += bool(problem)
    return 1 if failures else 0


def missing_wheel(lock: str, platform: str, python: str) -> str:
    """What uv says is missing, or nothing."""
    with tempfile.TemporaryDirectory() as target:
        command = ["uv", "pip", "install", "--dry-run", "--quiet", "--target", target, "--require-hashes"]
        command += ["--only-binary", ":all:", "--python-platform", platform, "--python-version", python, "-r", lock]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return " ".join(result.stderr.split()) if result.returncode else ""


if __name__ == "__main__":
    verbs = {"write": write, "platforms": platforms}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit("Usage: python3 bench/locks.py write|platforms")
    sys.exit(verbs[sys.argv[1]]())
