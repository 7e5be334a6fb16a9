"""A worker that is killed over a bundle costs a lease and no bundle, one that is told to stop costs nothing."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.audit.models import AuditEvent
from portfolio.bundles.kept_rules import ZIP
from portfolio.installation import Installation
from portfolio.jobs.rules import LEASE, JobState
from portfolio.storage.models import Blob
from tests.bundles.kept import ask_for_centre, found, made, unpacked
from tests.bundles.scenes import verified
from tests.cast import Cast
from tests.export.scenes import runner
from tests.export.test_killed import SOON, started, wait_until_stuck


def test_another_worker_finishes_what_a_killed_one_began(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    bundle_id, other = ask_for_centre(installation, cast), runner(installation)
    with started(installation, "tests.bundles.stuck_worker") as process:
        wait_until_stuck(process)
        process.send_signal(signal.SIGKILL)
        process.wait(SOON)
    assert found(installation, bundle_id).job.state is JobState.RUNNING
    assert other.run_due() == 0, "the lease has not run out"
    with clock.fixed(clock.now() + LEASE * 1.1):
        assert other.run_due() == 1
    bundle = found(installation, bundle_id)
    assert (bundle.job.state, bundle.job.attempts) == (JobState.DONE, 2)
    assert verified(unpacked(installation, bundle, tmp_path))[0] == 0
    assert list(installation.store.incoming.iterdir()) == []
    with installation.database.reading() as session:
        assert len(session.scalars(select(Blob).where(Blob.media_type == ZIP)).all()) == 1
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.bundle")).all()) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_a_worker_that_is_told_to_stop_gives_its_job_back(
    installation: Installation, cast: Cast, number: signal.Signals
) -> None:
    bundle_id = ask_for_centre(installation, cast)
    runner(installation)
    with started(installation, "tests.bundles.stuck_worker") as process:
        wait_until_stuck(process)
        process.send_signal(number)
        assert process.wait(SOON) == 0
    bundle = found(installation, bundle_id)
    assert (bundle.job.state, bundle.job.attempts) == (JobState.QUEUED, 0)
    assert list(installation.store.incoming.iterdir()) == []
    assert made(installation, bundle_id).job.state is JobState.DONE
