"""Fill the disk under the running server at many places: nothing is lost, and all goes on when there is room again.

    python -m tests.drills.disk_full [--n 20] [--seed S] [--postgres]

The home folder lies on a small tmpfs of its own, which nobody else sees and which is gone with this process. At each
place so much is left free that another write of an upload, a decision or a backup is the first that finds no room. With
PostgreSQL the database lies on a disk of its own, as on a server of its own.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from portfolio import proof
from portfolio.assessment.models import ItemReview, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation, open_installation
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.safekeeping.contents import check
from portfolio.safekeeping.sealing import read_key
from tests.cast import PASSWORD, assemble
from tests.drills.clients import Acknowledged, Marker
from tests.drills.kill import prepare
from tests.drills.places import Place
from tests.drills.postgres_restart import own_postgres
from tests.running import Running, free_port
from tests.visitor import Answer, Visitor

MEGABYTES = 64
STEP = 12 * 1024
BLOCK = 4096
TRIES = 50
UPLOAD = 60_000
NO_ROOM = {507, 503}
QUIET_SECONDS = 90.0
INSIDE = "--inside"


@dataclass
class Tally:
    """What was tried and how it was answered."""

    answered: dict[str, dict[int, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, what: str, answer: Answer, allowed: set[int]) -> bool:
        """Count an answer; answers whether it was done."""
        counts = self.answered.setdefault(what, {})
        counts[answer.status] = counts.get(answer.status, 0) + 1
        if answer.status not in allowed:
            self.faults.append(f"{what} was answered with {answer.status}")
        if b"Traceback" in answer.body:
            self.faults.append(f"{what} was answered with a traceback")
        if answer.status in NO_ROOM and b"Nothing was saved" not in answer.body:
            self.faults.append(f"{what} was refused without saying so")
        return answer.status == 303


def main(argv: list[str] | None = None) -> int:
    """Print what was tried and how it was answered; 1 when anything was lost, left over, or did not go on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20, help="at how many places")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    parser.add_argument(INSIDE, action="store_true", help=argparse.SUPPRESS)
    words = list(sys.argv[1:] if argv is None else argv)
    options = parser.parse_args(words)
    if not options.inside:
        return in_a_mount_namespace(words)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, ExitStack() as held:
        server = held.enter_context(own_postgres()) if options.postgres else None
        disk, beside = Path(folder) / "disk", Path(folder) / "beside"
        disk.mkdir()
        beside.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", disk], check=True)
        try:
            place = Place(disk / "home", server, "ours")
            return Drill(disk, beside, place, Random(options.seed)).run(options.n)
        finally:
            subprocess.run(["umount", "--lazy", disk], check=True)


def in_a_mount_namespace(words: list[str]) -> int:
    """The same drill in a process whose mounts nobody else sees; its exit status."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *as_root, sys.executable, "-m", "tests.drills.disk_full", *words, INSIDE]
    return subprocess.run(command, check=False).returncode


class Drill:
    """A server whose disk is filled and emptied again; a learner, an assessor and somebody who takes backups."""

    def __init__(self, disk: Path, beside: Path, place: Place, rng: Random) -> None:
        self.disk, self.beside, self.place, self.rng = disk, beside, place, rng
        self.home, self.filler = place.home, disk / "filler"
        self.tally = Tally()
        self.uploaded: set[int] = set()
        self.said: dict[int, str] = {}
        self.released: set[int] = set()
        self.backups: set[str] = set()

    def run(self, places: int) -> int:
        """Fill and empty the disk so often, then look at everything."""
        self.home.mkdir(mode=0o700)
        (self.beside / "serve.log").touch()
        (self.home / "serve.log").symlink_to(self.beside / "serve.log")
        self.place.lay()
        with closing(open_installation(self.place.settings)) as installation:
            self.set_up(installation)
            running = Running(self.home, free_port(), DATABASE=self.place.url)
            try:
                running.wait_until_healthy()
                self.sign_in(running.port)
                for number in range(places):
                    self.one_place(number * STEP)
                self.wait_until_quiet(installation)
            finally:
                running.stop()
            self.look(installation)
        return self.conclude(places)

    def set_up(self, installation: Installation) -> None:
        """Two centres, and work that waits to be marked."""
        self.cast = assemble(installation)
        self.enrolment = self.cast.enrolments["amina"]
        self.marker = Marker(self.cast.email("marguerite"), Acknowledged(), self.rng)
        prepare(self.cast, self.marker, self.rng)
        with installation.database.reading() as session:
            self.before = set(session.scalars(select(Evidence.id).where(Evidence.enrolment_id == self.enrolment)))
        self.path = f"/enrolments/{self.enrolment}/evidence"

    def sign_in(self, port: int) -> None:
        """Both sign in while there is room."""
        self.learner = Visitor(port).sign_in(self.cast.email("amina"), PASSWORD)
        self.assessor = Visitor(port).sign_in(self.cast.email("marguerite"), PASSWORD)

    def one_place(self, left: int) -> None:
        """With so much left nothing may be half done; with room again all of it is done by the same server."""
        prepare(self.cast, self.marker, self.rng)
        item = self.marker.items.pop()
        self.open_item(item)
        self.fill(left)
        try:
            self.upload({303, *NO_ROOM})
            self.note_and_release(item, {303, *NO_ROOM})
            self.back_up({0, 1})
            self.upload({303, *NO_ROOM})
        finally:
            self.filler.unlink()
        self.upload({303})
        self.note_and_release(item, {303})
        self.back_up({0})

    def fill(self, left: int) -> None:
        """Take all the room but so much. The worker may write at the same moment: then there is less than was seen."""
        for _ in range(TRIES):
            system = os.statvfs(self.disk)
            size = system.f_bavail * system.f_frsize - left // BLOCK * BLOCK
            with self.filler.open("wb") as file, suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, size)
                return
        raise TimeoutError("the disk could not be filled")

    def upload(self, allowed: set[int]) -> None:
        """The learner adds a file."""
        content = self.rng.randbytes(UPLOAD // 2).hex().encode()
        page = self.learner.get(f"{self.path}/add-files")
        form = {**page.form("/add-files", having="title"), "title": f"File {self.rng.getrandbits(32):x}"}
        done = self.learner.post(f"{self.path}/add-files", form, {"files": ("notes.txt", content)})
        if self.tally.note("an upload", done, allowed):
            self.uploaded.add(int(done.location.split("/")[2]))
        self.tally.note("reading", self.learner.get(self.path), {200})

    def open_item(self, item: int) -> None:
        """The assessor begins."""
        path = f"/marking/{item}"
        self.assessor.post(f"{path}/open", self.assessor.get(path).form("/open"))

    def note_and_release(self, item: int, allowed: set[int]) -> None:
        """The assessor notes something, then releases it."""
        if item in self.released:
            return
        path = f"/marking/{item}"
        for extra, what in (({}, "a note"), ({"then": "release"}, "a release")):
            said = f"Noted {self.rng.getrandbits(64):x}"
            form = self.assessor.get(path).form(path, having="rev")
            form |= dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
            for claim in [name.removeprefix("feedback-") for name in form if name.startswith("feedback-")]:
                form |= {f"outcome-{claim}": "met", f"sufficient-{claim}": "y", f"feedback-{claim}": "Clear."}
            done = self.assessor.post(path, {**form, **extra, "feedback": said})
            if self.tally.note(what, done, allowed):
                self.said[item] = said
                self.released |= {item} if extra else set()

    def back_up(self, allowed: set[int]) -> None:
        """Somebody takes a backup onto the same disk."""
        out, key = self.disk / f"{len(self.backups)}.backup", self.beside / "key"
        command = self.place.command("backup", "--out", out, "--key-file", key)
        done = subprocess.run(command, env=self.place.environment(), capture_output=True, text=True, check=False)
        counts = self.tally.answered.setdefault("a backup, by its exit status", {})
        counts[done.returncode] = counts.get(done.returncode, 0) + 1
        if done.returncode not in allowed or "Traceback" in done.stderr:
            self.tally.faults.append(f"a backup ended with status {done.returncode}: {done.stderr[-300:]}")
        if done.returncode == 0:
            check(out, read_key(key))
            out.unlink()
        left = sorted(path.name for path in self.disk.iterdir() if path.name.endswith((".backup", ".part")))
        self.tally.faults += [f"a backup left {name}" for name in left]

    def wait_until_quiet(self, installation: Installation) -> None:
        """Nothing half arrived stays, and the worker makes every preview by itself."""
        until = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < until and (left := self.unfinished(installation)):
            time.sleep(0.2)
        self.tally.faults += left

    def unfinished(self, installation: Installation) -> list[str]:
        """What has half arrived, and previews that are not made."""
        with installation.database.reading() as session:
            unmade = session.scalar(
                select(func.count()).select_from(Preview).where(Preview.state != PreviewState.READY)
            )
        arriving = [f"left in incoming: {path.name}" for path in installation.store.incoming.iterdir()]
        return [*arriving, *([f"{unmade} previews were not made"] if unmade else [])]

    def look(self, installation: Installation) -> None:
        """Everything that was acknowledged is there, and nothing that was refused."""
        with installation.database.reading() as session:
            there = set(session.scalars(select(Evidence.id).where(Evidence.enrolment_id == self.enrolment)))
            wanted = self.before | self.uploaded
            self.tally.faults += [f"upload {evidence} is lost" for evidence in sorted(wanted - there)]
            self.tally.faults += [f"upload {evidence} was refused and is there" for evidence in sorted(there - wanted)]
            for item, said in self.said.items():
                review = session.scalars(select(ItemReview).where(ItemReview.submission_item_id == item)).one()
                if review.feedback != said:
                    self.tally.faults.append(f"what was said on item {item} is not what was acknowledged")
                is_released = session.get_one(SubmissionItem, item).state is ItemState.RELEASED
                if is_released != (item in self.released):
                    self.tally.faults.append(f"item {item} is released, or is not, against what was acknowledged")
        found = proof.verify(installation.database, installation.store)
        self.tally.faults += [str(fault) for fault in found.faults]
        log = (self.beside / "serve.log").read_text()
        self.tally.faults += [line for line in log.splitlines() if "unexpected error" in line]

    def conclude(self, places: int) -> int:
        """Say how it went."""
        for what, counts in self.tally.answered.items():
            print(f"{what}: " + ", ".join(f"{count} × {status}" for status, count in sorted(counts.items())))
        for fault in sorted(set(self.tally.faults)):
            print(f"FAULT {fault}")
        print(
            f"the disk was full at {places} places: {len(self.uploaded)} uploads and {len(self.released)} releases "
            f"acknowledged and found; {len(set(self.tally.faults))} faults"
        )
        return 1 if self.tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
