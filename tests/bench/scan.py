"""How fast personal data is found, beside the best-known analyser, and that hostile text costs no more than its length.

    python -m tests.bench.scan [--rounds N] [--json FILE] [--without presidio]

Both go through the same documents in the same rounds, each in a process of its own. The analyser has an environment of
its own too, `.venv/rival`, which is made here from the hashes in rival.txt.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from portfolio.anonymise.detect import detect
from portfolio.config import ROOT
from tests.anonymise.unseen import marked
from tests.bench import apart, measure

RIVAL = "presidio"
HERE = Path(__file__).parent
LOCK = HERE / "rival.txt"
HOLD_SPEED, HOLD_MEMORY, HOLD_GROWTH = 0.1, 150.0, 1.15

SHORT, LONG = 250_000, 1_000_000
HOSTILE = {
    "one letter": "a",
    "capitals": "A",
    "'Mr '": "Mr ",
    "digits": "0",
    "'@'": "@",
    "'a@'": "a@",
    "'1 '": "1 ",
    "'O'": "O'",
    "', '": ", ",
    "line ends": "\n",
    "'Dear Mr '": "Dear Mr ",
    "'1,'": "1,",
    "'J. '": "J. ",
    "'A-'": "A-",
}

Answers = tuple[float, float]
"""Seconds of processor time for all documents, and the most megabytes held so far."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__, (RIVAL,))
    command_line.set_defaults(rounds=5)
    command_line.add_argument("--answer", type=Path, help="scan the texts of this file once for each line that comes")
    options = command_line.parse_args(argv)
    if options.answer:
        return answer(options.answer)
    rows = speed_rows(options.rounds, rival=RIVAL not in options.without)
    return measure.report(rows + growth_rows(), options.json)


# Speed and memory


def speed_rows(rounds: int, *, rival: bool) -> list[measure.Row]:
    """Both ways over the documents, in turn; ours gets as many rounds more as it is faster, to be worth timing."""
    texts = [document.text for document in marked.documents(marked.HERE / "open")]
    length = sum(map(len, texts)) / 1_000_000
    with ExitStack() as running:
        file = running.enter_context(tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8"))
        json.dump(texts, file)
        file.flush()
        ways = {"ours": [sys.executable, "-m", "tests.bench.scan", "--answer", file.name]}
        if rival:
            ways[RIVAL] = [str(apart.python_with(LOCK, without=RIVAL)), str(HERE / "scan_rival.py"), file.name]
        started = {name: running.enter_context(answering(command)) for name, command in ways.items()}
        answers = {name: list[Answers]() for name in ways}
        for _ in range(rounds):
            for name, process in started.items():
                answers[name].append(asked(process))
    ours = [seconds for seconds, _memory in answers["ours"]]
    memory = answers["ours"][-1][1]
    print(
        f"{len(texts)} documents, {length:.3f} million characters; ours {length / statistics.median(ours):.2f} a second"
    )
    rows = [measure.row("memory, MB", memory, HOLD_MEMORY, "150 MB", hold=1.0)]
    if rival:
        theirs = [seconds for seconds, _memory in answers[RIVAL]]
        print(f"{RIVAL}: {length / statistics.median(theirs):.3f} a second, {answers[RIVAL][-1][1]:.0f} MB")
        rows.insert(0, measure.compared("a scan of all, ms", ours, theirs, RIVAL, hold=HOLD_SPEED))
        print(f"{RIVAL} takes {1 / float(rows[0]['ratio']):.0f} times as long")
    return rows


def answer(file: Path) -> int:
    """Our side of what scan_rival.py does for the other."""
    texts = json.loads(file.read_text(encoding="utf-8"))
    print(json.dumps({"found": sum(len(detect(text)) for text in texts)}), flush=True)
    for _line in sys.stdin:
        seconds = measure.cpu(lambda: [detect(text) for text in texts], 1)
        memory = measure.memory(os.getpid(), "VmHWM")
        print(json.dumps({"seconds": seconds, "memory": memory}), flush=True)
    return 0


class Answering:
    """A process that answers each line it is sent."""

    def __init__(self, to: IO[str], back: IO[str]) -> None:
        self.to, self.back = to, back


@contextmanager
def answering(command: list[str]) -> Iterator[Answering]:
    """Start it, wait until it has gone through all documents once, and end it afterwards."""
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        try:
            if not process.stdout.readline():
                message = f"{command[0]} ended without an answer."
                raise SystemExit(message)
            yield Answering(process.stdin, process.stdout)
        finally:
            process.stdin.close()


def asked(process: Answering) -> Answers:
    """One more round."""
    process.to.write("\n")
    process.to.flush()
    said = json.loads(process.back.readline())
    return float(said["seconds"]), float(said["memory"])


# Hostile text


def growth_rows() -> list[measure.Row]:
    """For each kind of hostile text, how its time grows with its length: 1 is linear."""
    detect("Dear Sir")
    rows = []
    for name, piece in HOSTILE.items():
        short, long = (fastest((piece * length)[:length], runs) for length, runs in ((SHORT, 2), (LONG, 1)))
        exponent = math.log(long / short) / math.log(LONG / SHORT)
        rows.append(measure.row(f"1 MB of {name}: {long:.2f} s, exponent", exponent, 1.0, "linear", hold=HOLD_GROWTH))
    return rows


def fastest(text: str, runs: int) -> float:
    """The least of some runs, in seconds of processor time."""
    return min(measure.cpu(lambda: detect(text), 1) for _ in range(runs))


if __name__ == "__main__":
    raise SystemExit(main())
