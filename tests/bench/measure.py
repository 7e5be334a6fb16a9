"""What every bench shares: rounds in which each way runs once, ratios within a round, and the table that comes out.

A row says what was measured, ours, the anchor it is held against, the ratio between them and the most that it may be.
"""

import argparse
import importlib
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

Row = dict[str, str | float | bool]
Way = Callable[[], object]


def parser(doc: str | None, comparators: Sequence[str] = ()) -> argparse.ArgumentParser:
    """A command line with `--rounds`, `--json` and `--without`, which takes the names of comparators."""

    def named(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in comparators]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of: {', '.join(comparators) or 'nothing'}")
        return names

    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--rounds", type=int, default=9)
    made.add_argument("--json", type=Path, help="write the rows to this file")
    made.add_argument("--without", metavar="NAME[,NAME]", type=named, default=[], help="leave comparators out")
    return made


def comparator(name: str, module: str, without: Sequence[str]) -> ModuleType | None:
    """The module that a comparator needs, or None where it is left out. One that is missing and not named ends it all:
    a figure without its comparison says nothing.
    """
    if name in without:
        return None
    try:
        return importlib.import_module(module)
    except ImportError as missing:
        raise SystemExit(f"There is nothing to compare with: {missing}. Install it, or say --without {name}.") from None


def cpu(way: Way, times: int) -> float:
    """Seconds of processor time that one run takes, over `times` runs."""
    began = time.process_time()
    for _ in range(times):
        way()
    return (time.process_time() - began) / times


def wall(way: Way) -> float:
    """Seconds that one run takes."""
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def rounds_of(ways: Mapping[str, tuple[Way, int]], rounds: int) -> dict[str, list[float]]:
    """Processor time of each way in each round; a way comes with how often it runs in a round.

    Whichever way it is, it runs as often uncounted before that. The first run after another way finds the processor's
    caches cold and may take twice as long as the sixth: that would weigh on a page that is counted six times, and not
    on an anchor that is counted hundreds of times.
    """
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (way, times) in ways.items():
            cpu(way, times)
            figures[name].append(cpu(way, times))
    return figures


def ratio(ours: list[float], anchor: list[float]) -> float:
    """The median of the ratios within each round."""
    return statistics.median(a / b for a, b in zip(ours, anchor, strict=True))


def row(what: str, ours: float, anchor: float, anchor_name: str, *, hold: float, found: float | None = None) -> Row:
    """One line of the table; `found` is the ratio where it was taken within rounds."""
    is_at = ours / anchor if found is None else found
    return {
        "what": what,
        "ours": round(ours, 4),
        "anchor": round(anchor, 4),
        "anchor_name": anchor_name,
        "ratio": round(is_at, 3),
        "hold": hold,
        "ok": is_at <= hold,
    }


def compared(
    what: str, ours: list[float], anchor: list[float], anchor_name: str, *, hold: float, scale: float = 1000.0
) -> Row:
    """A line from figures by round, in milliseconds unless `scale` says otherwise."""
    middle, other = statistics.median(ours) * scale, statistics.median(anchor) * scale
    return row(what, middle, other, anchor_name, hold=hold, found=ratio(ours, anchor))


def least(what: str, ours: list[float], anchor: list[float], anchor_name: str, *, hold: float) -> Row:
    """A line from the cheapest round of each, in milliseconds: a busy neighbour adds to processor time and never takes
    from it, and adds more to what needs more memory.
    """
    return row(what, min(ours) * 1000.0, min(anchor) * 1000.0, anchor_name, hold=hold)


def report(rows: list[Row], file: Path | None) -> int:
    """Print the table, write the file if one is named; 0 when everything holds."""
    width = max(len(str(line["what"])) for line in rows)
    other = max(len(str(line["anchor_name"])) for line in rows)
    print(f"{'what':{width}} {'ours':>10} {'anchor':>10}  {'anchor is':{other}} {'ratio':>8} {'hold':>6}  ok")
    for line in rows:
        print(
            f"{line['what']:{width}} {line['ours']:10.3f} {line['anchor']:10.3f}  {line['anchor_name']:{other}} "
            f"{line['ratio']:8.3f} {line['hold']:6.2f}  {'yes' if line['ok'] else 'NO'}"
        )
    if file is not None:
        file.write_text(json.dumps(rows, indent=2) + "\n")
    return 0 if all(line["ok"] for line in rows) else 1


def memory(pid: int, what: str = "VmRSS") -> float:
    """Megabytes that a process holds now (VmRSS), or held at most (VmHWM)."""
    return int(Path(f"/proc/{pid}/status").read_text().partition(f"{what}:")[2].split()[0]) / 1024


def forget_peak(pid: int) -> None:
    """Begin anew with the most that a process held."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
