"""Random bytes of a bundle changed one at a time: its verifier, or whoever opens it, finds each that says anything.

    python -m tests.drills.bundle [--n 1000]

Half of them in its files as they are unpacked, a quarter anywhere in the archive, and a quarter in what the archive
tells of its files. Some of that no bundle goes by, as when they were packed and by which program: where it was changed,
what comes out must be the same to the last byte.
"""

import argparse
import contextlib
import hashlib
import io
import shutil
import struct
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from portfolio.audit.events import System
from portfolio.bundles import verify
from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.making import Maker
from portfolio.config import Settings
from portfolio.installation import open_installation
from tests.assessment import signing
from tests.export.canaries import World, planted, step

FOUND, SAME, MISSED = "found", "without meaning (the same came out)", "MISSED"
MOST_SECONDS = 1.0
"""How much of the processor finding one may take."""


def main(argv: list[str] | None = None) -> int:
    """Print what was tried and found; 1 when anything was missed, or took long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1_000, help="how many changes")
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        place = Path(folder)
        settings = Settings.from_environment(place / "home", {})
        with contextlib.closing(open_installation(replace(settings, argon2_memory_kib=8, argon2_passes=1))) as ours:
            packed = made(planted(ours), place)
        return 0 if is_sound(packed, place, options.n, options.seed) else 1


def made(world: World, place: Path) -> bytes:
    """A bundle of two portfolios with everything that there is: amended, redacted, signed and opened again."""
    installation = world.installation
    step(world, lambda session, found: signing.reopened(session, found.cast, signing.signed(session, found.cast)))
    maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)
    ids = [world.cast.enrolments[name] for name in ("amina", "ben")]
    maker.make(ids, place / "bundle.zip", doer=System(), tell=lambda *_told: None)
    return (place / "bundle.zip").read_bytes()


def is_sound(packed: bytes, place: Path, count: int, seed: int) -> bool:
    """Try so many changes, half of them on each side, and print what came of them."""
    headers = list(places_of_headers(packed))
    return all(
        [
            in_files(packed, place, count - count // 2, Random(seed)),
            in_archive(
                packed, place, count // 2 - count // 4, Random(seed + 1), range(len(packed)), "bytes of archive"
            ),
            in_archive(packed, place, count // 4, Random(seed + 2), headers, "bytes of headers and lists"),
        ]
    )


def in_files(packed: bytes, place: Path, count: int, rng: Random) -> bool:
    """Changes of unpacked files, each of which the bundle's own verifier has to find."""
    folder = place / "unpacked"
    open_bundle(io.BytesIO(packed), folder)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]

    def tried(number: int) -> str:
        path = files[number] if number < len(files) else rng.choice(files)
        whole = path.read_bytes()
        path.write_bytes(changed(whole, rng))
        try:
            return FOUND if verified(folder) == 1 else f"{MISSED} in {path.name}"
        finally:
            path.write_bytes(whole)

    is_clean = verified(folder) == 0
    ended = tally(f"{len(files)} files, in which", count, tried)
    return ended and is_clean and verified(folder) == 0


def places_of_headers(packed: bytes) -> Iterator[int]:
    """Where an archive does not hold the contents of files, but tells of them."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for member in archive.infolist():
            begin = member.header_offset
            lengths = struct.unpack_from("<HH", packed, begin + 26)
            yield from range(begin, begin + 30 + sum(lengths))
        yield from range(archive.start_dir, len(packed))


def in_archive(packed: bytes, place: Path, count: int, rng: Random, places: Sequence[int], what: str) -> bool:
    """Changes of the archive, each of which opening it has to refuse, or nothing in it may be another."""
    folder = place / "opened"
    whole = opened(packed, folder)
    shutil.rmtree(folder)

    def tried(_number: int) -> str:
        try:
            return SAME if opened(changed(packed, rng, places), folder) == whole else MISSED
        except BadBundle:
            return FOUND
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return tally(f"{len(places):,} {what}, in which", count, tried)


def changed(whole: bytes, rng: Random, places: Sequence[int] | None = None) -> bytes:
    """The same with one byte changed; `places` are those that may be."""
    at = rng.choice(places) if places else rng.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ rng.randrange(1, 256)]) + whole[at + 1 :]


def verified(folder: Path) -> int:
    """What the verifier ends with."""
    with contextlib.redirect_stdout(io.StringIO()):
        return verify.main(folder)


def opened(packed: bytes, folder: Path) -> tuple[object, dict[str, str]]:
    """What opening a bundle answers, and what was unpacked by then."""
    incoming = replace(open_bundle(io.BytesIO(packed), folder), sha256="")
    there = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    said = repr(incoming).replace(str(folder), "")
    return said, {str(path.relative_to(folder)): sha256 for path, sha256 in there.items()}


def tally(what: str, count: int, tried: Callable[[int], str]) -> bool:
    """Try so often, and print what came of it; whether nothing was missed, and nothing took long."""
    ends, slowest = Counter[str](), 0.0
    for number in range(count):
        began = time.process_time()
        ends[tried(number)] += 1
        slowest = max(slowest, time.process_time() - began)
    told = ", ".join(f"{times:,} {end}" for end, times in ends.most_common())
    print(f"{what} {count:,} bytes were changed: {told}; the slowest took {slowest:.2f} s", flush=True)
    return slowest <= MOST_SECONDS and not any(end.startswith(MISSED) for end in ends)


if __name__ == "__main__":
    sys.exit(main())
