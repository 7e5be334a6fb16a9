"""Where a process that reads hostile files writes on its way: a folder that whoever called it clears away."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCRATCH = "scratch"
"""What such a folder is called where it stands beside what is made."""


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Whatever is written on the way lies in this folder, so that nothing is left of it when the process is killed."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def writing_beside(folder: Path) -> Iterator[None]:
    """The same in a folder of its own beside what is made, which is gone afterwards."""
    scratch = folder / SCRATCH
    scratch.mkdir()
    try:
        with writing_in(scratch):
            yield
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
