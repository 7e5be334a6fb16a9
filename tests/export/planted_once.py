"""The canaries' world, which takes long to make: made once for a whole run, and copied for each file of tests."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from portfolio.installation import open_installation
from tests.cast import Cast
from tests.conftest import settings_over
from tests.export.canaries import Words, World, planted
from tests.policy.estate import opened_on

IDS = ("people", "homes", "enrolments", "evidence", "submissions", "items")


@contextmanager
def copied(template: Path, factory: pytest.TempPathFactory) -> Iterator[World]:
    """A copy of one's own, closed at the end."""
    made = _made(template, factory)
    home = factory.mktemp("canaries") / "home"
    shutil.copytree(made, home)
    installation = open_installation(settings_over(home))
    told = json.loads((home / "told.json").read_text())
    cast = Cast(installation, **told["ids"])
    with closing(installation):
        yield World(installation, cast, Words(cast, told["by_place"], told["refs"]))


def _made(template: Path, factory: pytest.TempPathFactory) -> Path:
    """Where it lies; whichever process comes first makes it, and the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, partly = shared / "planted", shared / "planted-partly"
    with (shared / "planted.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not made.exists():
            shutil.rmtree(partly, ignore_errors=True)
            partly.mkdir()
            world = planted(opened_on(template, partly))
            world.installation.close()
            ids = {name: getattr(world.cast, name) for name in IDS}
            words = {"ids": ids, "by_place": world.words.by_place, "refs": world.words.refs}
            (partly / "told.json").write_text(json.dumps(words))
            partly.rename(made)
    return made
