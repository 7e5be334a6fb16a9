"""A worker that begins to write a file anew, says so, and gets no further; to be killed by the tests."""

import sys
from pathlib import Path
from threading import Event

from portfolio import worker
from portfolio.config import Settings
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.installation import open_installation
from portfolio.redaction.jobs import Programs
from tests.export.stuck_worker import IN_THE_MIDDLE
from tests.redaction.bench import LETTER, search


def main() -> None:
    """Work as PORTFOLIO_* variables say, until told to stop."""
    stopping = Event()
    worker.stop_on_signals(stopping)
    installation = open_installation(Settings.from_environment())

    def write_half(_source: Path, media_type: str, target: Path, _plan: Plan) -> Report:
        target.write_bytes(LETTER[:40])
        sys.stdout.write(f"{IN_THE_MIDDLE}\n")
        sys.stdout.flush()
        stopping.wait(60)
        return Report(media_type)

    worker.serve(installation, worker.make_runner(installation, stopping, redacting=Programs(write_half, search)))
    installation.close()


if __name__ == "__main__":
    main()
