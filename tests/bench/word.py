"""How fast and how lean the Word book is written, beside bare strings and python-docx with the same content.

    python -m tests.bench.word [--sizes S M L XL] [--rounds N] [--without python-docx] [--json FILE]

Every measurement runs in a process of its own; of several rounds the quickest counts, which neighbours disturbed least.
Seconds are of the processor and start when the rows are in memory. Outputs are compared before anything is timed.
"""

import argparse
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
from functools import partial
from pathlib import Path
from typing import BinaryIO

from portfolio.documents.wordbook.writer import write_book
from tests.bench import measure
from tests.bench.books import SIZES, book
from tests.bench.word_rivals import Given, given, shape, write_python_docx, write_strings

FLOOR = "strings and deflate 6"
PYTHON_DOCX = "python-docx"
_RIVALS = {FLOOR: write_strings, PYTHON_DOCX: write_python_docx}
_OURS = "ours"
_STREAMED = "ours, items made as they are written"
_HOLD_FLOOR = 1.5
_HOLD_PYTHON_DOCX = 0.2
_HOLD_BEYOND = 0.050
_HOLD_GROWTH = 1.05
_HOLD_MEMORY = 2.0
_HOLD_LENGTH = 1.3

Measured = dict[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; 0 when everything holds."""
    command_line = measure.parser(__doc__, [PYTHON_DOCX])
    command_line.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["S", "M"])
    command_line.add_argument("--one", nargs=3, metavar=("WAY", "SIZE", "FILE"), help=argparse.SUPPRESS)
    options = command_line.parse_args(argv)
    if options.one:
        print(json.dumps(_measure(*options.one)))
        return 0
    with_python_docx = measure.comparator(PYTHON_DOCX, "docx", options.without)
    rivals = [name for name in _RIVALS if name != PYTHON_DOCX or with_python_docx]
    _check_equal(options.sizes[0], rivals)
    figures = {size: _rounds(size, [_OURS, _STREAMED, *rivals], options.rounds) for size in options.sizes}
    rows = [row for size in options.sizes for row in _speed_rows(size, figures[size], rivals)]
    rows += _growth_rows(figures)
    return measure.report(rows, options.json)


def _check_equal(size: str, rivals: list[str]) -> None:
    """The floor must give the same XML byte for byte, python-docx the same text, tables, links and pictures."""
    ours = _written(size)
    content = given(ours)
    for name in rivals:
        target = io.BytesIO()
        _RIVALS[name](target, content)
        if shape(target.getvalue()) != shape(ours):
            message = f"{name} does not hold the same as our book."
            raise SystemExit(message)


def _written(size: str) -> bytes:
    target = io.BytesIO()
    write_book(target, book(SIZES[size], streamed=True))
    return target.getvalue()


def _rounds(size: str, ways: list[str], rounds: int) -> dict[str, list[Measured]]:
    """Every way once a round, so that a busy neighbour hits them alike. The rivals' input is made beforehand."""
    figures: dict[str, list[Measured]] = {way: [] for way in ways}
    with tempfile.NamedTemporaryFile() as prepared:
        pickle.dump(given(_written(size)), prepared)
        prepared.flush()
        for _ in range(rounds):
            for way in ways:
                command = [sys.executable, "-m", "tests.bench.word", "--one", way, size, prepared.name]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                figures[way].append(json.loads(done.stdout))
    return figures


def _measure(way: str, size: str, prepared: str) -> Measured:
    """One export to a file in this process, after a small one that warms up the interpreter and the libraries."""
    _written("S")
    started = time.perf_counter()
    write = _ready(way, size, prepared)
    read = time.perf_counter() - started
    with tempfile.TemporaryFile() as target:
        started = time.process_time()
        write(target)
        seconds = time.process_time() - started
        length = target.tell()
    return {"seconds": seconds, "read": read, "memory": measure.memory(os.getpid(), "VmHWM"), "length": length}


def _ready(way: str, size: str, prepared: str) -> Callable[[BinaryIO], None]:
    """A way of writing with its content in memory."""
    if way in _RIVALS:
        content: Given = pickle.loads(Path(prepared).read_bytes())  # noqa: S301 - made by this program
        return partial(_RIVALS[way], content=content)
    return partial(write_book, book=book(SIZES[size], streamed=way == _STREAMED))


def _least(figures: list[Measured], key: str) -> float:
    return min(figure[key] for figure in figures)


def _speed_rows(size: str, figures: dict[str, list[Measured]], rivals: list[str]) -> list[measure.Row]:
    seconds, read = _least(figures[_OURS], "seconds"), _least(figures[_OURS], "read")
    rows = []
    for name in rivals:
        anchor = _least(figures[name], "seconds")
        if name == FLOOR and size == "S":
            beyond = max(0.0, seconds - anchor)
            rows.append(measure.row(f"export {size}, seconds beyond {FLOOR}", beyond, _HOLD_BEYOND, "50 ms", hold=1.0))
        else:
            hold = _HOLD_FLOOR if name == FLOOR else _HOLD_PYTHON_DOCX
            rows.append(
                measure.row(f"export {size}, seconds (rows ready after {read:.2f})", seconds, anchor, name, hold=hold)
            )
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
