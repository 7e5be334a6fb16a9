"""Backups where files are in a bucket: out of it, into it, and from there into a home folder."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from portfolio import proof
from portfolio.config import Settings
from portfolio.db import new_uid
from portfolio.installation import open_installation
from portfolio.safekeeping.backing_up import back_up
from portfolio.safekeeping.restoring import restore
from portfolio.safekeeping.sealing import Key
from tests.bucket_server import BucketServer
from tests.cast import assemble
from tests.conftest import administer, in_full, settings_over
from tests.safekeeping.conftest import all_rows, stored


@pytest.fixture
def shared(postgres_server: URL, bucket_server: BucketServer, tmp_path: Path) -> Iterator[list[Settings]]:
    """Settings of two machines with nothing yet, each with a database on the server and a part of the bucket."""
    names = [f"shared_{new_uid()}" for _ in range(2)]
    administer(postgres_server, *(f"CREATE DATABASE {name}" for name in names))
    yield [
        replace(
            settings_over(tmp_path / name, in_full(postgres_server.set(database=name))), bucket=bucket_server.bucket()
        )
        for name in names
    ]
    administer(postgres_server, *(f"DROP DATABASE {name} WITH (FORCE)" for name in names))


@pytest.mark.postgres
def test_files_in_a_bucket_come_back_in_a_bucket_and_in_a_home_folder(
    shared: list[Settings], tmp_path: Path, key: Key
) -> None:
    ours, theirs = shared
    with closing(open_installation(ours)) as installation:
        assemble(installation)
        back_up(installation.database, installation.store, ours.keys, tmp_path / "backup", key)
        rows, files = all_rows(installation.database), stored(installation)
    for settings in (theirs, settings_over(tmp_path / "home")):
        restore(settings, tmp_path / "backup", key)
        with closing(open_installation(settings)) as again:
            assert all_rows(again.database) == rows
            assert stored(again) == files != set()
            assert proof.verify(again.database, again.store).faults == ()
