"""How fast and how lean the Word book is written, beside bare strings and other programs with the same content.

    python -m tests.bench.word [--sizes S M L XL] [--rounds N] [--without NAME,NAME] [--json FILE]

Every measurement runs in a process of its own; of several rounds the quickest counts, which neighbours disturbed least.
Seconds are of the processor and start when the rows are in memory. Outputs are compared before their figures count, but
at XL, where only bare strings are measured. python-docx cell by cell ends at M: at L it takes minutes.
"""

import argparse
import hashlib
import io
import itertools
import json
import math
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.writer import write_book
from tests.bench import apart, measure
from tests.bench.books import SIZES, book
from tests.bench.word_rivals import (
    Given,
    given,
    laid_out,
    shape,
    write_cell_by_cell,
    write_python_docx,
    write_strings,
)

FLOOR = "strings and deflate 6"
CAREFUL, BY_CELLS = "python-docx with care", "python-docx cell by cell"
DOCXTPL, PANDOC = "docxtpl", "pandoc"
PYTHON_DOCX = "python-docx"
LOCK = Path(__file__).with_name("word_rival.txt")
_HERE = {FLOOR: write_strings, CAREFUL: write_python_docx, BY_CELLS: write_cell_by_cell}
_LARGEST = {FLOOR: "XL", CAREFUL: "L", BY_CELLS: "M", DOCXTPL: "L", PANDOC: "L"}
_OURS = "ours"
_AGAIN = "ours, again after one edit"
_STREAMED = "ours, items made as they are written"
_OF_OURS = (_OURS, _AGAIN, _STREAMED)
_ROUNDS_OF_RIVALS = {"S": 3, "M": 1, "L": 1}
_HOLD_FLOOR = 1.5
_HOLD_RIVALS = 0.2
_HOLD_BEYOND = 0.050
_HOLD_AGAIN = 1.0
_HOLD_GROWTH = 1.05
_HOLD_MEMORY = 2.0
_HOLD_LENGTH = 1.3

Measured = dict[str, float]
Writer = Callable[[BinaryIO, Given], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the tables; 0 when everything holds."""
    command_line = measure.parser(__doc__, [PYTHON_DOCX, DOCXTPL, PANDOC])
    command_line.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    command_line.add_argument("--one", nargs=3, metavar=("WAY", "SIZE", "FILE"), help=argparse.SUPPRESS)
    options = command_line.parse_args(argv)
    if options.one:
        print(json.dumps(_measure(*options.one)))
        return 0
    rivals = _rivals(options.without)
    figures = {size: _rounds(size, rivals, options.rounds) for size in options.sizes}
    for size in options.sizes:
        _say(size, figures[size])
    rows = [row for size in options.sizes for row in _speed_rows(size, figures[size])]
    return measure.report(rows + _growth_rows(figures), options.json)


def _rivals(without: Sequence[str]) -> list[str]:
    """Who is compared with: all but those that are left out. One that is missing and not left out ends it."""
    rivals = [FLOOR]
    if measure.comparator(PYTHON_DOCX, "docx", without):
        rivals += [CAREFUL, BY_CELLS]
    others = [name for name in (DOCXTPL, PANDOC) if name not in without]
    if others:
        apart.python_with(LOCK, without=",".join(others))
    return rivals + others


# Measuring


def _rounds(size: str, rivals: list[str], rounds: int) -> dict[str, list[Measured]]:
    """Every way once a round, so that a busy neighbour hits them alike; what takes long in fewer rounds. The rivals'
    input is made beforehand.
    """
    largest = [name for name in rivals if list(SIZES).index(size) <= list(SIZES).index(_LARGEST[name])]
    ways = dict.fromkeys((*_OF_OURS, FLOOR), rounds)
    ways |= {name: min(rounds, _ROUNDS_OF_RIVALS.get(size, 0)) for name in largest if name != FLOOR}
    figures: dict[str, list[Measured]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours = _written(size)
        content = given(ours, has_nodes=len(largest) > 1)
        wanted = _digest(ours) if len(largest) > 1 else ""
        (place / "given").write_bytes(pickle.dumps(content))
        laid = laid_out(content, place)
        del ours, content
        for number, way in itertools.product(range(rounds), ways):
            if number < ways[way]:
                figures[way].append(_one(way, size, place, laid, wanted))
    return figures


def _one(way: str, size: str, place: Path, laid: tuple[Path, Path], wanted: str) -> Measured:
    """One figure, from a process of its own. Ends it all when the book does not hold the same as ours."""
    out = place / "out.docx"
    if way in {DOCXTPL, PANDOC}:
        script = LOCK.with_name("word_apart.py")
        command: list[str | Path] = [apart.python_with(LOCK, without=way), script, way, *laid, out]
    else:
        command = [sys.executable, "-m", "tests.bench.word", "--one", way, size, place]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        message = f"{way} at {size}: {done.stderr}"
        raise SystemExit(message)
    figure: Measured = json.loads(done.stdout)
    if wanted and way not in _OF_OURS and _digest(out.read_bytes()) != wanted:
        message = f"{way} does not hold the same as our book at {size}."
        raise SystemExit(message)
    return {**figure, "length": out.stat().st_size}


def _measure(way: str, size: str, folder: str) -> Measured:
    """One export to a file in this process, after a small one that warms up the interpreter and the libraries."""
    _written("S")
    started = time.perf_counter()
    write = _ready(way, size, Path(folder))
    read = time.perf_counter() - started
    with (Path(folder) / "out.docx").open("wb") as target:
        started = time.process_time()
        write(target)
        seconds = time.process_time() - started
    return {"seconds": seconds, "read": read, "memory": measure.memory(os.getpid(), "VmHWM")}


def _ready(way: str, size: str, folder: Path) -> Callable[[BinaryIO], None]:
    """A way of writing with its content in memory; before an export again there was a first one."""
    if way in _HERE:
        content: Given = pickle.loads((folder / "given").read_bytes())  # noqa: S301 - made by this program
        return partial(_HERE[way], content=content)
    content_of_ours = book(SIZES[size], streamed=way == _STREAMED)
    if way == _AGAIN:
        with tempfile.TemporaryFile() as first:
            write_book(first, content_of_ours)
        content_of_ours = _edited(content_of_ours)
    return partial(write_book, book=content_of_ours)


def _edited(one: Book) -> Book:
    """The same with other words in the first item."""
    first, *others = one.items
    return replace(one, items=(replace(first, title="Told again, with the date put right"), *others))


def _written(size: str) -> bytes:
    target = io.BytesIO()
    write_book(target, book(SIZES[size], streamed=True))
    return target.getvalue()


def _digest(data: bytes) -> str:
    return hashlib.sha256(json.dumps(shape(data)).encode()).hexdigest()


# Saying


def _say(size: str, figures: dict[str, list[Measured]]) -> None:
    """Each way at one size: seconds, how many times the floor's, and the most megabytes that were held."""
    floor = _least(figures[FLOOR], "seconds")
    print(f"{size}: {'':36} {'s':>8} {'x floor':>8} {'MB held':>8}")
    for way, found in figures.items():
        seconds = _least(found, "seconds")
        print(f"   {way:36} {seconds:8.3f} {seconds / floor:8.2f} {max(f['memory'] for f in found):8.0f}")
    print(flush=True)


def _least(figures: list[Measured], key: str) -> float:
    return min(figure[key] for figure in figures)


def _speed_rows(size: str, figures: dict[str, list[Measured]]) -> list[measure.Row]:
    seconds, read = _least(figures[_OURS], "seconds"), _least(figures[_OURS], "read")
    rows = []
    for name in [way for way in figures if way not in _OF_OURS]:
        anchor = _least(figures[name], "seconds")
        if name == FLOOR and size == "S":
            beyond = max(0.0, seconds - anchor)
            rows.append(measure.row(f"export {size}, seconds beyond {FLOOR}", beyond, _HOLD_BEYOND, "50 ms", hold=1.0))
        else:
            hold = _HOLD_FLOOR if name == FLOOR else _HOLD_RIVALS
            rows.append(
                measure.row(f"export {size}, seconds (rows ready after {read:.2f})", seconds, anchor, name, hold=hold)
            )
    again = _least(figures[_AGAIN], "seconds")
    rows.append(measure.row(f"export {size} again after one edit, s", again, seconds, "cold", hold=_HOLD_AGAIN))
    length, least = (_least(figures[way], "length") / 1000**2 for way in (_OURS, FLOOR))
    rows.append(measure.row(f"size of file {size}, MB", length, least, FLOOR, hold=_HOLD_LENGTH))
    return rows


def _growth_rows(figures: dict[str, dict[str, list[Measured]]]) -> list[measure.Row]:
    sizes = list(figures)
    rows = []
    for small, large in itertools.pairwise(sizes[1:]):
        first, second = figures[small][_OURS], figures[large][_OURS]
        longer = _least(second, "length") / _least(first, "length")
        slower = _least(second, "seconds") / _least(first, "seconds")
        exponent = math.log(slower) / math.log(longer)
        rows.append(
            measure.row(f"growth of time {small} to {large}, exponent", exponent, 1.0, "linear", hold=_HOLD_GROWTH)
        )
    if len(sizes) > 1:
        least, most = (max(f["memory"] for f in figures[size][_STREAMED]) for size in (sizes[0], sizes[-1]))
        rows.append(
            measure.row(f"peak memory {sizes[-1]}, MB", most, least, f"peak memory {sizes[0]}", hold=_HOLD_MEMORY)
        )
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
