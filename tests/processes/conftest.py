"""The product as several machines would run it: PostgreSQL, files in a bucket, processes that are really started."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portfolio.config import Settings
from tests.bucket_server import BucketServer
from tests.running import Running, free_port


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """What a test left behind, such as connections that were cut off, is its own, and not the next one's."""
    yield
    gc.collect()


@pytest.fixture
def own_bucket_server(tmp_path: Path) -> Iterator[BucketServer]:
    """An S3 server that a test may stop."""
    folder = tmp_path / "bucket-server"
    folder.mkdir()
    server = BucketServer(folder)
    yield server
    server.stop()


@contextmanager
def served(settings: Settings, *, web_processes: int = 2, workers: int = 2) -> Iterator[Running]:
    """`portfolio serve` with these settings, healthy, and stopped at the end."""
    bucket = settings.bucket
    assert bucket is not None
    running = Running(
        settings.home,
        free_port(),
        DATABASE=settings.database_url,
        STORE=f"s3://{bucket.name}/{bucket.prefix}",
        STORE_ENDPOINT=bucket.endpoint,
        STORE_KEY=bucket.key,
        STORE_SECRET=bucket.secret,
        WEB_PROCESSES=str(web_processes),
        WORKERS=str(workers),
    )
    try:
        running.wait_until_healthy()
        yield running
    finally:
        running.stop()
