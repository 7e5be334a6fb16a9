"""What a sign-in costs: one hash at OWASP's Argon2id setting, one at a time in a process, and little beside it.

python -m tests.bench.sign_in [--rounds N] [--json FILE]
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from portfolio.accounts.passwords import Passwords
from portfolio.config import Settings
from portfolio.installation import open_installation
from portfolio.web.app import create_app
from tests.bench import measure
from tests.cast import PASSWORD, assemble
from tests.visitor import Answer

CLASS = 30
EMAIL = "amina@example.org"
DEFAULT, OURS = "library default (64 MiB, 3 passes, 4 lanes)", "ours"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.add_argument("--peak", choices=(OURS, DEFAULT), help="print the memory that a class at once takes")
    options = command_line.parse_args(argv)
    if options.peak:
        print(class_at_once(options.peak))
        return 0
    ours, default = Passwords(19_456, 2), PasswordHasher()
    kept, kept_by_default = ours.hash(PASSWORD), default.hash(PASSWORD)
    with tempfile.TemporaryDirectory() as home:
        sign_in, refused = sign_in_requests(Path(home), 2 * options.rounds + 1)
        figures = measure.rounds_of(
            {
                OURS: (lambda: ours.is_right(kept, PASSWORD), 3),
                DEFAULT: (lambda: default.verify(kept_by_default, PASSWORD), 3),
                "signed in": (sign_in, 2),
                "refused": (refused, 2),
            },
            options.rounds,
        )
    one_hash = "one hash"
    rows = [
        measure.compared("one hash, ms of processor", figures[OURS], figures[DEFAULT], DEFAULT, hold=0.5),
        measure.compared("a whole sign-in, ms", figures["signed in"], figures[OURS], one_hash, hold=2.0),
        measure.compared("a refused one, unknown person, ms", figures["refused"], figures[OURS], one_hash, hold=2.0),
        measure.row(f"a class of {CLASS} at once, MB", peak(OURS), peak(DEFAULT), DEFAULT, hold=0.1),
    ]
    return measure.report(rows, options.json)


def sign_in_requests(home: Path, count: int) -> tuple[measure.Way, measure.Way]:
    """The request that signs in, and the one with an address that nobody has; each can be sent `count` times."""
    installation = open_installation(Settings.from_environment(home, {}))
    assemble(installation)
    app = create_app(installation)
    base = installation.settings.url

    def prepared(email: str, expected: int) -> measure.Way:
        visits = [visited(app.test_client()) for _ in range(count)]

        def send() -> None:
            client, fields = visits.pop()
            name, at, place = email.partition("@")
            address = f"{name}{len(visits) if expected != 303 else ''}{at}{place}"
            done = client.post("/sign-in", base_url=base, data={**fields, "email": address, "password": PASSWORD})
            if done.status_code != expected:
                raise LookupError(f"a sign-in was answered with {done.status_code}")

        return send

    def visited(client: FlaskClient) -> tuple[FlaskClient, dict[str, str]]:
        return client, Answer("/sign-in", 200, "", client.get("/sign-in", base_url=base).data).form("/sign-in")

    return prepared(EMAIL, 303), prepared("nobody@example.org", 422)


def peak(way: str) -> float:
    """Megabytes that hashing for a whole class at once takes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.sign_in", "--peak", way]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def class_at_once(way: str) -> float:
    """Hash for a class in as many threads; answers the most memory beyond what there was before."""
    verify = Passwords(19_456, 2).hash if way == OURS else PasswordHasher().hash
    measure.forget_peak(os.getpid())
    before = measure.memory(os.getpid())
    threads = [threading.Thread(target=verify, args=(PASSWORD,)) for _ in range(CLASS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return measure.memory(os.getpid(), "VmHWM") - before


if __name__ == "__main__":
    sys.exit(main())
