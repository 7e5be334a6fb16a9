"""From one machine to PostgreSQL and a bucket, by the commands that the README gives, and to a further machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from portfolio.db import new_uid
from tests.bucket_server import BucketServer
from tests.conftest import World, administer, in_full
from tests.running import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


def portfolio(settings: dict[str, str], *words: str, status: int = 0) -> str:
    """What a command says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
    given = {f"PORTFOLIO_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "portfolio.cli", *words]
    done = subprocess.run(command, env=kept | given, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def test_a_centre_moves_with_all_that_it_has(
    sqlite_world: World, postgres_server: URL, bucket_server: BucketServer, tmp_path: Path
) -> None:
    old, new, further = tmp_path / "old", tmp_path / "new", tmp_path / "further"
    shutil.copytree(sqlite_world.home, old)
    bucket, name = bucket_server.bucket(), f"test_{new_uid()}"
    administer(postgres_server, f"CREATE DATABASE {name}")
    proved = portfolio({"HOME": str(old)}, "audit", "verify")
    assert "nothing is wrong" in proved

    sealed = ["--key-file", str(tmp_path / "move.key")]
    portfolio({"HOME": str(old)}, "backup", "--out", str(tmp_path / "move.backup"), *sealed)
    database = {"DATABASE": in_full(postgres_server.set(database=name))}
    portfolio(database, "--home", str(new), "restore", str(tmp_path / "move.backup"), *sealed)
    assert portfolio({"HOME": str(new), **database}, "audit", "verify") == proved

    shared = {
        **database,
        "STORE": f"s3://{bucket.name}/{bucket.prefix}",
        "STORE_ENDPOINT": bucket.endpoint,
        "STORE_KEY": bucket.key,
        "STORE_SECRET": bucket.secret,
    }
    here = {"HOME": str(new), **shared}
    assert portfolio(here, "store", "check") == "The bucket can be used.\n"
    assert "refuses the key" in portfolio({**here, "STORE_SECRET": "wrong"}, "store", "check", status=1)
    assert "a stored file is missing" in portfolio(here, "audit", "verify", status=1)
    copied = portfolio(here, "store", "copy")
    assert "files copied to the bucket and read back, 0 were there already" in copied
    count = int(copied.split()[0])
    assert count > 0
    assert portfolio(here, "store", "copy").startswith(f"0 files copied to the bucket and read back, {count} were")
    shutil.rmtree(new / "files")
    assert portfolio(here, "audit", "verify") == proved

    for command in (["serve", "--port", str(free_port())], ["worker"]):
        assert "is not signed with the key in" in portfolio({"HOME": str(further), **shared}, *command, status=1)
    shutil.rmtree(further)
    further.mkdir()
    shutil.copytree(new / "keys", further / "keys")
    assert portfolio({"HOME": str(further), **shared}, "audit", "verify") == proved
    assert portfolio({"HOME": str(further), **shared}, "store", "copy", "--back").startswith(f"{count} files copied")
    assert portfolio({"HOME": str(further), **database}, "audit", "verify") == proved
    administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
