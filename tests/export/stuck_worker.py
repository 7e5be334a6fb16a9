"""A worker that reads one file, says so, and gets no further; a program of its own, to be killed by the tests."""

import sys
from contextlib import nullcontext
from pathlib import Path
from threading import Event

from portfolio import worker
from portfolio.config import Settings
from portfolio.documents.blocks import Extract
from portfolio.installation import open_installation
from tests.export.scenes import nothing_ready, read_plainly

IN_THE_MIDDLE = "in the middle"


def main() -> None:
    """Work as PORTFOLIO_* variables say, until told to stop."""
    stopping = Event()
    worker.stop_on_signals(stopping)
    installation = open_installation(Settings.from_environment())

    def read(path: Path, media_type: str, name: str, sha256: str | None) -> Extract:
        sys.stdout.write(f"{IN_THE_MIDDLE}\n")
        sys.stdout.flush()
        stopping.wait(60)
        return read_plainly(path, media_type, name, sha256)

    runner = worker.make_runner(
        installation, stopping, extractor=lambda _folder: nullcontext(read), prepared=nothing_ready
    )
    worker.serve(installation, runner)
    installation.close()


if __name__ == "__main__":
    main()
