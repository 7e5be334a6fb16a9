"""How much memory a bundle of a thousand items takes beside one of fifty, and how long beside zipping the same files.

    python -m tests.bench.bundle [--few 50 --items 1000] [--json FILE]

Each portfolio is made by the product's own actions, with files of every kind. Its bundle is written, and then opened as
one from elsewhere is, each in a process of its own; memory is what that holds at most above what it held before, what
SQLite keeps of the database too. Time is that of the processor, of the programs too that read files for the Word book.
"""

import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from portfolio.accounts.models import Person
from portfolio.audit.events import System
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.making import Maker
from portfolio.config import ROOT
from portfolio.enrolment.models import Enrolment
from portfolio.installation import open_installation
from tests.bench import measure
from tests.conftest import settings_over
from tests.drills import large
from tests.drills.large import Size

HOLD_MAKING, HOLD_OPENING, HOLD_SECONDS = 2.25, 1.0, 30.0
UNITS, CRITERIA, UNITS_OF_FEW, CRITERIA_OF_FEW = 20, 300, 2, 30
Figures = dict[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.add_argument("--few", type=int, default=50)
    command_line.add_argument("--items", type=int, default=1_000)
    command_line.add_argument("--work", nargs=2, metavar=("HOW", "PLACE"), help="what a process of its own is to do")
    options = command_line.parse_args(argv)
    if options.work:
        how, place = options.work
        print(json.dumps({"make": _make, "open": _open, "zip": _zip}[how](Path(place))))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        few = _measured(Path(folder) / "few", Size(UNITS_OF_FEW, CRITERIA_OF_FEW, options.few))
        many = _measured(Path(folder) / "many", Size(UNITS, CRITERIA, options.items))
    what = f"{options.items:,} items"
    rows = [
        measure.row(f"MB to make {what}", many["make"], few["make"], f"{options.few} items", hold=HOLD_MAKING),
        measure.row(f"MB to open {what}", many["open"], many["make"], "to make them", hold=HOLD_OPENING),
        measure.row(f"s to make {what}", many["s"], many["zip"], "plain zipfile", hold=HOLD_SECONDS),
    ]
    return measure.report(rows, options.json)


def _measured(place: Path, size: Size) -> Figures:
    """Build a portfolio in a process of its own, and measure what becomes of it."""
    place.mkdir()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        other.submit(_build, place / "home", size).result()
    made, opened, zipped = (_worked(how, place) for how in ("make", "open", "zip"))
    figures = {"make": made["memory"], "open": opened["memory"], "s": made["seconds"], "zip": zipped["seconds"]}
    told = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
    packed = (place / "bundle.zip").stat().st_size / 1e6
    print(f"{size.items} items, {packed:.1f} MB: {told}; opened in {opened['seconds']:.1f} s", flush=True)
    return figures


def _build(home: Path, size: Size) -> None:
    with closing(open_installation(settings_over(home))) as installation:
        large.built(installation, size)


def _worked(how: str, place: Path) -> Figures:
    command = [sys.executable, "-m", "tests.bench.bundle", "--work", how, str(place)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _make(place: Path) -> Figures:
    with closing(open_installation(settings_over(place / "home"))) as installation:
        with installation.database.reading() as session:
            query = (
                select(Enrolment.id).join(Person, Person.id == Enrolment.learner_id).where(Person.name == large.NAME)
            )
            enrolment_id = session.scalars(query).one()
        maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)

        def make() -> None:
            made = maker.make([enrolment_id], place / "bundle.zip", doer=System(), tell=lambda *_told: None)
            if made.held:
                raise SystemExit(f"It was held back: {made.held[0].reason}")

        return _held(make)


def _open(place: Path) -> Figures:
    def read() -> None:
        with (place / "bundle.zip").open("rb") as source:
            open_bundle(source, place / "unpacked")

    return _held(read)


def _zip(place: Path) -> Figures:
    def write() -> None:
        with zipfile.ZipFile(place / "bundle.zip") as bundle, zipfile.ZipFile(place / "plain.zip", "w") as plain:
            for member in bundle.infolist():
                plain.write(place / "unpacked" / member.filename, member.filename, member.compress_type)

    return _held(write)


def _held(do: Callable[[], None]) -> Figures:
    """The most megabytes that doing something takes beyond what was held before, and its seconds."""
    before, began = measure.memory(os.getpid()), _spent()
    measure.forget_peak(os.getpid())
    do()
    return {"memory": measure.memory(os.getpid(), "VmHWM") - before, "seconds": _spent() - began}


def _spent() -> float:
    """Seconds of the processor so far, of this process and of those that it has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
