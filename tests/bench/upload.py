"""How fast a large file is taken: real form, real server, hashed while it is written, safely on disk before the answer.

    python -m tests.bench.upload [--full] [--rounds N] [--json FILE]

The floor is one thread that reads a socket, hashes and writes a file, on the same machine in the same round; once as it
is, and once with the flush to disk that a promise to have the file needs. `--full` adds 1 GB to the 256 MB.
"""

import hashlib
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portfolio.config import Settings
from portfolio.installation import open_installation
from tests.bench import measure
from tests.cast import PASSWORD, assemble
from tests.running import Running, free_port
from tests.visitor import Visitor

MEGABYTE = 1024 * 1024
HOLD, HOLD_MEMORY = 1.4, 50.0
HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
"""Makes it a recording, as large files are."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One upload: seconds until the answer, and the most megabytes that the server held beyond what it did idle."""

    seconds: float
    memory: float


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.set_defaults(rounds=3)
    command_line.add_argument("--full", action="store_true", help="1 GB too")
    options = command_line.parse_args(argv)
    rows: list[measure.Row] = []
    for size in (256, 1024) if options.full else (256,):
        with tempfile.TemporaryDirectory() as folder:
            rows += rows_of(Path(folder), size, options.rounds)
    return measure.report(rows, options.json)


def rows_of(folder: Path, size: int, rounds: int) -> list[measure.Row]:
    """Each way once in every round."""
    file = folder / "film.mp4"
    sha256 = make_file(file, size * MEGABYTE)
    ours, bare, flushed = [], [], []
    for number in range(rounds):
        bare.append(floor(file, folder / "floor", sha256, is_flushed=False))
        flushed.append(floor(file, folder / "floor", sha256, is_flushed=True))
        ours.append(upload(folder / f"home{number}", file, sha256, size))
    seconds = [taken.seconds for taken in ours]
    memory = max(taken.memory for taken in ours)
    what = f"{size} MB through the form, s"
    return [
        measure.compared(what, seconds, flushed, "socket, sha256, file, flush", hold=HOLD, scale=1),
        measure.compared(what, seconds, bare, "socket, sha256, file", hold=HOLD, scale=1),
        measure.row(f"{size} MB, memory beyond idle, MB", memory, HOLD_MEMORY, "allowed", hold=1.0),
    ]


def make_file(path: Path, size: int) -> str:
    """A file that begins like a recording, and its hash."""
    digest = hashlib.sha256(HEAD)
    block = os.urandom(MEGABYTE)
    with path.open("wb") as out:
        out.write(HEAD)
        left = size - len(HEAD)
        while left:
            piece = block[:left]
            out.write(piece)
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def floor(file: Path, target: Path, sha256: str, *, is_flushed: bool) -> float:
    """Seconds of the least that could be done with the same bytes, from a socket, by one thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        receiver = threading.Thread(target=receive, args=(listening, target, sha256, is_flushed))
        receiver.start()
        with socket.create_connection(listening.getsockname()) as sender, file.open("rb") as source:
            began = time.perf_counter()
            sender.sendfile(source)
            sender.shutdown(socket.SHUT_WR)
            sender.recv(1)
            seconds = time.perf_counter() - began
        receiver.join()
    target.unlink()
    return seconds


def receive(listening: socket.socket, target: Path, sha256: str, is_flushed: bool) -> None:
    """Read, hash and write in pieces of one megabyte; then say so."""
    connection, _address = listening.accept()
    digest, piece = hashlib.sha256(), bytearray(MEGABYTE)
    view = memoryview(piece)
    with connection, target.open("wb", buffering=0) as out:
        while count := connection.recv_into(piece):
            digest.update(view[:count])
            out.write(view[:count])
        if is_flushed:
            os.fsync(out.fileno())
        assert digest.hexdigest() == sha256
        connection.sendall(b"!")


def upload(home: Path, file: Path, sha256: str, size: int) -> Taken:
    """Send the file through the page's own form to a fresh server."""
    home.mkdir()
    installation = open_installation(Settings.from_environment(home, {}))
    cast = assemble(installation)
    with serving(home, size) as running:
        visitor = Visitor(running.port).sign_in(cast.email("amina"), PASSWORD)
        path = f"/enrolments/{cast.enrolments['amina']}/evidence/add-files"
        fields = {**visitor.get(path).form("/add-files", having="title"), "title": "A film"}
        process = web_process(running)
        measure.forget_peak(process)
        idle = measure.memory(process)
        began = time.perf_counter()
        status = send_form(visitor, path, fields, file)
        seconds = time.perf_counter() - began
        memory = measure.memory(process, "VmHWM") - idle
    if status != 303:
        raise LookupError(f"the upload was answered with {status}")
    if sha256 not in {name for _centre, name in installation.store.names()}:
        raise LookupError("the file is not stored under its hash")
    installation.close()
    return Taken(seconds, memory)


@contextmanager
def serving(home: Path, size: int) -> Iterator[Running]:
    """The server, ready to take a file of such a size."""
    running = Running(home, free_port(), UPLOAD_MEGABYTES=str(size + 1))
    try:
        running.wait_until_healthy()
        yield running
    finally:
        running.kill()


def web_process(running: Running) -> int:
    """The process that answers requests: of those that are neither the first nor a worker, the one that holds most."""
    others = [pid for pid in running.members() if pid != running.process.pid]
    web = [pid for pid in others if b"portfolio.worker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return max(web, key=measure.memory)


def send_form(visitor: Visitor, path: str, fields: dict[str, str], file: Path) -> int:
    """The form with the file, sent by the system rather than by Python; answers the status."""
    boundary = secrets.token_hex(16)
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n'
    head += "Content-Type: video/mp4\r\n\r\n"
    tail = f"\r\n--{boundary}--\r\n"
    length = len(head) + file.stat().st_size + len(tail)
    headers = {
        **visitor.headers(),
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(length),
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((visitor.host, visitor.port)) as connection, file.open("rb") as source:
        connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n{head}".encode())
        connection.sendfile(source)
        connection.sendall(tail.encode())
        return int(connection.recv(64).split()[1])


if __name__ == "__main__":
    sys.exit(main())
