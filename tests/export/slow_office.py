"""A stand-in for LibreOffice that writes half a PDF, says so, and gets no further; and a worker that has no other."""

import sys
from contextlib import nullcontext
from pathlib import Path
from threading import Event

from portfolio import worker
from portfolio.config import Settings
from portfolio.documents import engines
from portfolio.documents.engines import Engine
from portfolio.installation import open_installation
from tests.export.scenes import read_plainly

FOR_EVER = "61.7501"
"""How long it sleeps, so that it is told from all other sleepers."""
_SCRIPT = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
echo %PDF-1.7 > "$2/book.pdf"
touch "{began}"
exec /bin/sleep {seconds}
"""


def slow_office(folder: Path) -> Engine:
    """The engine, in a folder; `began` stands beside it once it is at work."""
    program = folder / "soffice"
    program.write_text(_SCRIPT.format(began=folder / "began", seconds=FOR_EVER))
    program.chmod(0o755)
    return Engine("Slow", "1", str(program))


def main(folder: Path) -> None:
    """Work as PORTFOLIO_* variables say, until told to stop."""
    engine, stopping = slow_office(folder), Event()
    engines.office = lambda: engine  # type: ignore[assignment] # in this program alone
    worker.stop_on_signals(stopping)
    installation = open_installation(Settings.from_environment())
    runner = worker.make_runner(installation, stopping, extractor=lambda _folder: nullcontext(read_plainly))
    worker.serve(installation, runner)
    installation.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
