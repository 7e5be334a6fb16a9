"""How fast a large file is taken: real server, hashed while it is written, safely on disk before the answer.

    python -m tests.bench.upload [--size MB ...] [--rounds N] [--json FILE]

The floor is one thread that reads a socket, hashes and writes a file, on the same machine in the same round; once as it
is, and once with the flush to disk that a promise to have the file needs. Beside it stands the usual way of an
application: the server's form parser, `save`, and then the hash of what was saved.
"""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portfolio.config import ROOT, Settings
from portfolio.installation import open_installation
from tests.bench import measure
from tests.cast import PASSWORD, assemble
from tests.running import Running, free_port
from tests.visitor import Visitor

MEGABYTE = 1024 * 1024
HOLD, HOLD_MEMORY = 1.4, 50.0
RAW = "application/octet-stream"
USUAL = "tests.bench.usual_upload:app"
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
    command_line.add_argument(
        "--size", type=int, action="append", help="megabytes; 256 unless said, and may be repeated"
    )
    options = command_line.parse_args(argv)
    rows: list[measure.Row] = []
    for size in options.size or [256]:
        with tempfile.TemporaryDirectory() as folder:
            rows += rows_of(Path(folder), size, options.rounds)
    return measure.report(rows, options.json)


def rows_of(folder: Path, size: int, rounds: int) -> list[measure.Row]:
    """Each way once in every round."""
    file = folder / "film.mp4"
    sha256 = make_file(file, size * MEGABYTE)
    ours, bare, flushed, usual = [], [], [], []
    for number in range(rounds):
        bare.append(floor(file, folder / "floor", sha256, is_flushed=False))
        flushed.append(floor(file, folder / "floor", sha256, is_flushed=True))
        usual.append(usual_way(folder / "usual", file, sha256))
        ours.append(upload(folder / f"home{number}", file, sha256, size))
        shutil.rmtree(folder / f"home{number}")
    seconds = [taken.seconds for taken in ours]
    memory = max(taken.memory for taken in ours)
    what = f"{size} MB, s"
    return [
        measure.compared(what, seconds, bare, "socket, sha256, file", hold=HOLD, scale=1),
        measure.compared(what, seconds, flushed, "socket, sha256, file, flush", hold=HOLD, scale=1),
        measure.compared(what, seconds, usual, "form, save, then sha256", hold=HOLD, scale=1),
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
    """Send the file to a fresh server as the page's script does; the answer must know its hash."""
    home.mkdir()
    installation = open_installation(Settings.from_environment(home, {}))
    cast = assemble(installation)
    with serving(home, size) as running:
        visitor = Visitor(running.port).sign_in(cast.email("amina"), PASSWORD)
        path = f"/enrolments/{cast.enrolments['amina']}"
        token = visitor.get(f"{path}/evidence/add-files").form("/add-files", having="title")["csrf_token"]
        process = web_process(running)
        measure.forget_peak(process)
        idle = measure.memory(process)
        headers = {**visitor.headers(), "X-CSRFToken": token, "Accept": "application/json", "Content-Type": RAW}
        seconds, answer = send(visitor.port, f"{path}/files?name=film.mp4", headers, file)
        memory = measure.memory(process, "VmHWM") - idle
    if f'"sha256":"{sha256}"' not in answer.replace(" ", ""):
        raise LookupError(f"the upload was answered with {answer[:300]}")
    if sha256 not in {name for _centre, name in installation.store.names()}:
        raise LookupError("the file is not stored under its hash")
    installation.close()
    return Taken(seconds, memory)


def usual_way(folder: Path, file: Path, sha256: str) -> float:
    """Seconds that a small application takes on the same server, by the form parser, `save`, and the hash."""
    folder.mkdir()
    port, boundary = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-log", USUAL]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}, start_new_session=True)
    try:
        wait_for(port)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'.encode()
        headers = {"Host": "127.0.0.1", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        seconds, answer = send(port, "/", headers, file, head=head, tail=f"\r\n--{boundary}--\r\n".encode())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder)
    if sha256 not in answer:
        raise LookupError(f"the usual way answered {answer[:300]}")
    return seconds


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not begin")


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


def send(
    port: int, path: str, headers: dict[str, str], file: Path, *, head: bytes = b"", tail: bytes = b""
) -> tuple[float, str]:
    """The file in a request, sent by the system rather than by Python: the seconds, and what was answered."""
    length = len(head) + file.stat().st_size + len(tail)
    lines = "".join(
        f"{name}: {value}\r\n"
        for name, value in {**headers, "Content-Length": str(length), "Connection": "close"}.items()
    )
    with socket.create_connection(("127.0.0.1", port)) as connection, file.open("rb") as source:
        began = time.perf_counter()
        connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + head)
        connection.sendfile(source)
        connection.sendall(tail)
        answer = connection.recv(65536)
        seconds = time.perf_counter() - began
        while more := connection.recv(65536):
            answer += more
    return seconds, answer.decode()


if __name__ == "__main__":
    sys.exit(main())
