"""Environments of the comparators that the product itself has no use for: `.venv/NAME`, made from the hashes of a lock
when it is not there or its lock has changed.
"""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from portfolio.config import ROOT

PLACES = ROOT / ".venv"


def python_with(lock: Path, *, without: str) -> Path:
    """The interpreter of an environment that holds what the lock names. Where it cannot be made, that ends it all: a
    figure without its comparison says nothing. `without` is what the bench can be run without.
    """
    place = PLACES / lock.stem
    python, stamp = place / "bin" / "python", place / "installed"
    if stamp.is_file() and stamp.read_text() == fingerprint(lock) and python.exists():
        return python
    uv = str(Path(sys.executable).with_name("uv"))
    began = time.monotonic()
    print(f"Preparing {place.name} ...", flush=True)
    for command in (
        [uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", sys.executable, str(place)],
        [uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "--no-build", "-r", str(lock)],
    ):
        done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
        if done.returncode:
            message = f"{done.stderr}There is nothing to compare with. Mend that, or say --without {without}."
            raise SystemExit(message)
    stamp.write_text(fingerprint(lock))
    print(f"Prepared it in {time.monotonic() - began:.0f} s.", flush=True)
    return python


def fingerprint(lock: Path) -> str:
    """What an environment is made from."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()
