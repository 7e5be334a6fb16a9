"""How fast and how lean the Word book is written, beside bare strings and python-docx with the same content.

    python -m tests.bench.word [--sizes S M L XL] [--rounds N] [--without NAME] [--json FILE]

Every measurement runs in a process of its own; figures are medians over the rounds, ratios are taken within a
round, growth is between the quickest rounds. Seconds are of the processor, so that a busy neighbour counts less; they
start when the rows are in memory. Outputs are compared before anything is timed.
"""

import argparse
import io
import itertools
import json
import math
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from portfolio.documents.wordbook.writer import write_book
from tests.bench.books import SIZES, book
from tests.bench.word_rivals import Given, given, shape, write_python_docx, write_strings

FLOOR = "strings and deflate 6"
PYTHON_DOCX = "python-docx with care"
_RIVALS = {FLOOR: write_strings, PYTHON_DOCX: write_python_docx}
_OURS = "ours"
_STREAMED = "ours, items made as they are written"
_HOLD_FLOOR = 1.5
_HOLD_PYTHON_DOCX = 0.2
_HOLD_BEYOND = 0.050
_HOLD_GROWTH = 1.05
_HOLD_MEMORY = 2.0

Row = dict[str, str | float | bool]
Measured = dict[str, float]


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 0 when everything holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["S", "M"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", choices=[PYTHON_DOCX], default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=3, metavar=("WAY", "SIZE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        print(json.dumps(_measure(*options.one)))
        return 0
    rivals = [name for name in _RIVALS if name not in options.without]
    _check_equal(options.sizes[0], rivals)
    figures = {size: _rounds(size, [_OURS, _STREAMED, *rivals], options.rounds) for size in options.sizes}
    rows = [row for size in options.sizes for row in _speed_rows(size, figures[size], rivals)]
    rows += _growth_rows(figures)
    _print(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 0 if all(row["ok"] for row in rows) else 1


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
    return {"seconds": seconds, "read": read, "memory": _peak(), "length": length}


def _ready(way: str, size: str, prepared: str) -> Callable[[BinaryIO], None]:
    """A way of writing with its content in memory."""
    if way in _RIVALS:
        content: Given = pickle.loads(Path(prepared).read_bytes())  # noqa: S301 - made by this program
        return partial(_RIVALS[way], content=content)
    return partial(write_book, book=book(SIZES[size], streamed=way == _STREAMED))


def _peak() -> float:
    """The most memory this process has had in use, in MB; unlike `ru_maxrss` not that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _median(figures: list[Measured], key: str) -> float:
    return statistics.median(figure[key] for figure in figures)


def _ratio(ours: list[Measured], other: list[Measured]) -> float:
    return statistics.median(a["seconds"] / b["seconds"] for a, b in zip(ours, other, strict=True))


def _speed_rows(size: str, figures: dict[str, list[Measured]], rivals: list[str]) -> list[Row]:
    ours = figures[_OURS]
    seconds, read = _median(ours, "seconds"), _median(ours, "read")
    rows = []
    for name in rivals:
        anchor = _median(figures[name], "seconds")
        hold = _HOLD_FLOOR if name == FLOOR else _HOLD_PYTHON_DOCX
        if name == FLOOR and size == "S":
            beyond = statistics.median(a["seconds"] - b["seconds"] for a, b in zip(ours, figures[name], strict=True))
            what = f"export {size}, seconds beyond {FLOOR}"
            rows.append(_row(what, max(0.0, beyond), _HOLD_BEYOND, "50 ms", max(0.0, beyond) / _HOLD_BEYOND, 1.0))
            continue
        what = f"export {size}, seconds (rows ready after {read:.2f})"
        rows.append(_row(what, seconds, anchor, name, _ratio(ours, figures[name]), hold))
    return rows


def _growth_rows(figures: dict[str, dict[str, list[Measured]]]) -> list[Row]:
    sizes = list(figures)
    rows = []
    for small, large in itertools.pairwise(sizes[1:]):
        first, second = figures[small][_OURS], figures[large][_OURS]
        length = _median(second, "length") / _median(first, "length")
        slower = min(f["seconds"] for f in second) / min(f["seconds"] for f in first)
        exponent = math.log(slower) / math.log(length)
        rows.append(
            _row(f"growth of time {small} to {large}, exponent", exponent, 1.0, "linear", exponent, _HOLD_GROWTH)
        )
    if len(sizes) > 1:
        least, most = (_median(figures[size][_STREAMED], "memory") for size in (sizes[0], sizes[-1]))
        what = f"peak memory {sizes[-1]}, MB"
        rows.append(_row(what, most, least, f"peak memory {sizes[0]}", most / least, _HOLD_MEMORY))
    return rows


def _row(what: str, ours: float, anchor: float, anchor_name: str, ratio: float, hold: float) -> Row:
    return {
        "what": what,
        "ours": round(ours, 4),
        "anchor": round(anchor, 4),
        "anchor_name": anchor_name,
        "ratio": round(ratio, 3),
        "hold": hold,
        "ok": ratio <= hold,
    }


def _print(rows: list[Row]) -> None:
    print(f"{'what':50} {'ours':>9} {'anchor':>9}  {'anchor is':24} {'ratio':>7} {'hold':>6}  ok")
    for row in rows:
        print(
            f"{row['what']:50} {row['ours']:9.3f} {row['anchor']:9.3f}  {row['anchor_name']:24} "
            f"{row['ratio']:7.3f} {row['hold']:6.2f}  {'yes' if row['ok'] else 'NO'}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
