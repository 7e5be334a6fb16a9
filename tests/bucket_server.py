"""A real S3 server from its wheel, which checks signatures; it can be stopped and started again over the same data."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portfolio.config import Bucket
from portfolio.db import new_uid
from portfolio.errors import Rejected
from portfolio.storage.buckets import try_out

BUCKET, KEY, SECRET = "portfolio", "tester", "a-secret-of-tests"
PROGRAM = Path(sys.executable).with_name("weed")
PORTS = (
    "s3.port", "s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port",
    "filer.port.grpc", "admin.port", "admin.port.grpc",
)  # fmt: skip
OFF = ("admin.ui", "webdav", "master.telemetry", "s3.autoCreateBucket")
READY_SECONDS = 30.0


class BucketServer:
    """The server with one bucket, its data in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.process = self._started()

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    def bucket(self, prefix: str = "") -> Bucket:
        """The bucket with a part of it that nobody else has."""
        return Bucket(BUCKET, prefix or new_uid(), self.endpoint, "eu-west-2", KEY, SECRET)

    def _started(self) -> "subprocess.Popen[bytes]":
        options = [
            f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}", "-s3.port.iceberg=0",
            "-s3.port.lance=0", f"-filer.localSocket={self.folder}/filer", f"-s3.localSocket={self.folder}/s3",
            *(f"-{name}={port}" for name, port in self.ports.items()), *(f"-{name}=false" for name in OFF),
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [PROGRAM, "mini", *options],
                env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and process.poll() is None:
            if self._is_ready():
                return process
            time.sleep(0.05)
        process.kill()
        process.wait()
        raise TimeoutError(f"the S3 server did not begin: {(self.folder / 'log').read_text()[-2000:]}")

    def _is_ready(self) -> bool:
        try:
            try_out(self.bucket("ready"))
        except Rejected:
            return False
        return True

    def stop(self) -> None:
        """Away, as suddenly as can be."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def start(self) -> None:
        """Back again."""
        self.process = self._started()

    def shell(self, *lines: str) -> str:
        """What the server's own shell says to these lines."""
        master = f"127.0.0.1:{self.ports['master.port']}.{self.ports['master.port.grpc']}"
        filer = f"127.0.0.1:{self.ports['filer.port']}.{self.ports['filer.port.grpc']}"
        done = subprocess.run(
            [PROGRAM, "shell", f"-master={master}", f"-filer={filer}"],
            input="\n".join([*lines, "exit", ""]),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout


def free_ports(count: int) -> Sequence[int]:
    """So many ports of this machine that nobody listens on at this moment."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
