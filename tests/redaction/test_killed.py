"""A worker that is killed over a redaction costs a lease and nothing else: the next one makes it."""

import signal

from portfolio import clock
from portfolio.jobs.rules import LEASE, JobState
from portfolio.redaction.rules import RedactionState
from tests.export.test_killed import SOON, started, wait_until_stuck
from tests.redaction.bench import LETTER, REDACTED, Bench


def test_another_worker_makes_what_a_killed_one_began(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    with started(bench.installation, "tests.redaction.stuck_worker") as process:
        wait_until_stuck(process)
        process.send_signal(signal.SIGKILL)
        process.wait(SOON)
    assert bench.seen(evidence_id).job.state is JobState.RUNNING
    assert bench.worker().run_due() == 0, "the killed one holds it until its lease has run out"
    assert bench.content(evidence_id) == LETTER
    with clock.fixed(clock.now() + LEASE):
        assert bench.worker().run_due() == 1
    assert bench.seen(evidence_id).state is RedactionState.MADE
    bench.use(evidence_id)
    assert bench.content(evidence_id) == REDACTED
    assert bench.faults() == []
