"""The real server with its worker, as `portfolio serve` starts it, in a process group of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HEALTHY_SECONDS = 90.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Running:
    """`portfolio serve` on a home folder; `settings` are PORTFOLIO_ variables without their prefix."""

    def __init__(self, home: Path, port: int, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
        kept |= {f"PORTFOLIO_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "portfolio.cli", "--home", str(home), "serve", "--port", str(port)]
        self.port = port
        self.began = time.monotonic()
        self.log = (home / "serve.log").open("ab")
        self.process = subprocess.Popen(
            command, env=kept, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def wait_until_healthy(self) -> float:
        """Seconds from the start until /healthz says that all is well."""
        while time.monotonic() - self.began < HEALTHY_SECONDS:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}; see serve.log in its home")
            if is_healthy(self.port):
                return time.monotonic() - self.began
            time.sleep(0.02)
        raise TimeoutError("the server did not become healthy")

    def members(self) -> list[int]:
        """The ids of every process of the group."""
        group = self.process.pid
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(path.parent.name))
        return found

    def kill(self) -> None:
        """Kill every process of the group at once, and wait until all are gone."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while self.members():
            time.sleep(0.005)
        self.log.close()

    def stop(self) -> None:
        """Ask it to stop, as an administrator would."""
        self.process.terminate()
        try:
            self.process.wait(15)
            self.log.close()
        except subprocess.TimeoutExpired:
            self.kill()


def is_healthy(port: int) -> bool:
    """Whether the server answers that all is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
