"""A worker that writes half a bundle, says so, and gets no further; a program of its own, to be killed by the tests."""

import sys
from threading import Event
from typing import Any
from unittest.mock import patch

from portfolio import worker
from portfolio.bundles import making, matrix
from portfolio.config import Settings
from portfolio.installation import open_installation
from tests.export.stuck_worker import IN_THE_MIDDLE


def main() -> None:
    """Work as PORTFOLIO_* variables say, until told to stop."""
    stopping = Event()
    worker.stop_on_signals(stopping)
    installation = open_installation(Settings.from_environment())

    def stuck(*given: Any) -> Any:
        sys.stdout.write(f"{IN_THE_MIDDLE}\n")
        sys.stdout.flush()
        stopping.wait(60)
        return matrix.matrix_of(*given)

    with patch.object(making, "matrix_of", stuck):
        worker.serve(installation, worker.make_runner(installation, stopping))
    installation.close()


if __name__ == "__main__":
    main()
