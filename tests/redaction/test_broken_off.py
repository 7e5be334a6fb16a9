"""A redaction that takes long holds up nobody: a person throws it away, a worker gives it back; none is half kept."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from portfolio.documents.proof.values import Proof, Value
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.documents.sandbox import run_limited
from portfolio.jobs.rules import JobState
from portfolio.redaction.jobs import Programs
from portfolio.redaction.rules import RedactionState
from tests.documents.test_breaking_off import HARD
from tests.redaction.bench import LETTER, QUICK, REDACTED, Bench, rewrite

SOON = 20.0
FEW_SECONDS = 8.0


def _takes_long(at_work: threading.Event) -> None:
    at_work.set()
    run_limited("portfolio.documents.markdown:to_html", HARD, seconds=60)
    pytest.fail("nobody stopped it")


def slow_to_write(at_work: threading.Event) -> Programs:
    """What has half written a file when it takes long."""

    def redact(_source: Path, media_type: str, target: Path, _plan: Plan) -> Report:
        target.write_bytes(LETTER[:40])
        _takes_long(at_work)
        return Report(media_type)

    return Programs(redact, QUICK.prove)


def slow_to_prove(at_work: threading.Event) -> Programs:
    """What has the whole result when it takes long to search through."""

    def prove(path: Path, media_type: str, values: Sequence[Value], *, name: str = "") -> Proof:
        _takes_long(at_work)
        return QUICK.prove(path, media_type, values, name=name)

    return Programs(rewrite, prove)


SLOW = [pytest.param(slow_to_write, id="writing"), pytest.param(slow_to_prove, id="proving")]


class Meanwhile:
    """Does something once the work is under way, and remembers when."""

    def __init__(self, at_work: threading.Event, do: Callable[[], object]) -> None:
        self._at_work, self._do, self.at = at_work, do, 0.0
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        if self._at_work.wait(SOON):
            self._do()
            self.at = time.monotonic()

    def took(self) -> float:
        """Seconds from then to now."""
        self._thread.join()
        assert self.at
        return time.monotonic() - self.at


def left(bench: Bench) -> list[str]:
    """What stands where things are made."""
    making = bench.installation.settings.previews / ".making"
    return [str(one) for folder in (bench.installation.store.incoming, making) for one in folder.glob("*")]


@pytest.mark.parametrize("slow", SLOW)
def test_whoever_asked_throws_it_away_while_it_is_made(
    bench: Bench, slow: Callable[[threading.Event], Programs]
) -> None:
    at_work = threading.Event()
    evidence_id = bench.added()
    bench.ask(evidence_id)
    bench.programs = slow(at_work)
    meanwhile = Meanwhile(at_work, lambda: bench.drop(evidence_id))
    bench.worker().run_due()
    assert meanwhile.took() < FEW_SECONDS
    assert bench.seen_if_any(evidence_id) is None
    assert bench.content(evidence_id) == LETTER
    assert left(bench) == []
    bench.programs = QUICK
    bench.look_through_all()
    assert bench.make(evidence_id).state is RedactionState.MADE
    assert bench.faults() == []


@pytest.mark.parametrize("slow", SLOW)
def test_a_worker_that_is_told_to_stop_gives_it_back(bench: Bench, slow: Callable[[threading.Event], Programs]) -> None:
    at_work = threading.Event()
    evidence_id = bench.added()
    bench.ask(evidence_id)
    bench.programs = slow(at_work)
    worker = bench.worker()
    meanwhile = Meanwhile(at_work, worker.stopping.set)
    worker.run_due()
    assert meanwhile.took() < FEW_SECONDS
    seen = bench.seen(evidence_id)
    assert (seen.state, seen.job.state, seen.note) == (RedactionState.WAITING, JobState.QUEUED, "")
    assert left(bench) == []
    bench.programs = QUICK
    assert bench.worker().run_due() == 1
    bench.use(evidence_id)
    assert bench.content(evidence_id) == REDACTED
