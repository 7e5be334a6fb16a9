"""Whoever has the key may say anything at random: it is refused in sentences, or opened, within a second, and nothing
else ever comes of it.
"""

import copy
import io
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.opening import open_bundle
from tests.bundles.hostile_bundles import Forger
from tests.drills import bundle
from tests.export.planted_once import copied

CHANGES, SECONDS = 120, 1.0
ODD: tuple[Any, ...] = (
    None, 0, -1, 2**31, 2**53, 1.5, True, "", "x", "a" * 20, "e\u0301", "\u202e", "x" * 5_000, [], {}, [[]], {"a": 1},
    "9999-12-31", "0001-01-01T00:00:00.000000+00:00", "../x",
)  # fmt: skip
"""What may stand in the place of anything."""


@pytest.fixture(scope="module")
def forger(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forger]:
    """A good bundle with everything that there is."""
    with copied(sqlite_template, tmp_path_factory) as world:
        yield Forger.of(bundle.made(world, tmp_path_factory.mktemp("packed")), world.installation.signer)


def test_whatever_is_said_is_refused_or_opened(forger: Forger, tmp_path: Path) -> None:
    chance, ends, folder = random.Random(8), Counter[str](), tmp_path / "opened"
    for number in range(CHANGES):
        packed = (in_records, in_records, in_history, in_list)[number % 4](forger.copy(), chance)
        began = time.process_time()
        faults = refused(packed, folder)
        assert time.process_time() - began < SECONDS
        assert all(fault.isprintable() for fault in faults)
        ends["refused" if faults else "opened"] += 1
        shutil.rmtree(folder, ignore_errors=True)
    assert ends["refused"] > ends["opened"], ends


def refused(packed: bytes, folder: Path) -> tuple[str, ...]:
    """What is wrong with an archive; nothing when it is opened."""
    try:
        open_bundle(io.BytesIO(packed), folder)
    except BadBundle as bad:
        return bad.faults
    return ()


def in_records(forger: Forger, chance: random.Random) -> bytes:
    """Something in the records."""
    return forger.records(lambda records: change(records, chance))


def in_history(forger: Forger, chance: random.Random) -> bytes:
    """Something in what an entry of the history says; all is chained and signed anew."""

    def forge(entries: Any) -> None:
        change(chance.choice([entry["text"] for entry in entries if "text" in entry]), chance)

    return forger.history(forge)


def in_list(forger: Forger, chance: random.Random) -> bytes:
    """Something in the list."""
    return forger.listing(lambda manifest: change(manifest, chance))


def change(whole: Any, chance: random.Random) -> None:
    """Something goes, comes twice, becomes something odd, or what stands elsewhere."""
    places = [place for place in ways(whole) if place]
    way = chance.choice(places)
    parent, name = at(whole, way[:-1]), way[-1]

    def odd() -> None:
        parent[name] = chance.choice(ODD)

    def away() -> None:
        del parent[name]

    def other() -> None:
        parent[name] = copy.deepcopy(at(whole, chance.choice(places)))

    def twice() -> None:
        if isinstance(parent, list):
            parent.append(copy.deepcopy(parent[name]))
        else:
            parent["more"] = 1

    kinds: tuple[Callable[[], None], ...] = (odd, away, other, twice)
    chance.choice(kinds)()


def ways(whole: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every value."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), whole)]
    while waiting:
        way, value = waiting.pop()
        yield way
        if isinstance(value, dict):
            waiting += [((*way, name), one) for name, one in value.items()]
        elif isinstance(value, list):
            waiting += [((*way, number), one) for number, one in enumerate(value)]


def at(value: Any, way: tuple[Any, ...]) -> Any:
    """What a way leads to."""
    for one in way:
        value = value[one]
    return value
