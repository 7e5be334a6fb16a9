"""A Leap2A file holds what a book of the same choice tells, with the files themselves, and nothing else: looked for in
every member of it, unpacked as far as anything can be.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.audit.events import System
from portfolio.bundles.leap2a import Leap2aMaker
from portfolio.documents.leap2a.profiles import Profile
from portfolio.export.rules import Extent
from tests.bundles.test_canaries import beside, everything_said, is_in_file
from tests.export.canaries import World, step
from tests.export.planted_once import copied
from tests.export.test_canaries import CHOICES, choice_of, expected, places_in

KEPT = {"amina mended unseen exif", "amina mended unseen comment"}
"""What stands in the one file that was left of an item from which personal data was taken out."""


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything is planted, and what stands beside the items."""
    with copied(sqlite_template, tmp_path_factory) as found:
        step(found, beside)
        yield found


def found_in(world: World, packed: Path) -> set[str]:
    """The places whose words stand anywhere in an archive, or in the name of anything in it."""
    return places_in(world, "\n".join(everything_said(packed.read_bytes(), packed.name)))


def allowed(world: World, name: str) -> set[str]:
    """What a book of the choice tells of the items that it shows, and all that is in their files, seen or not; of other
    items only why a criterion still needs something: there is no index.
    """
    choice, items = choice_of(world, name)
    shown = () if choice.extent is Extent.MATRIX else items
    in_book = {place for place in expected(world, name) if item_of(place) in shown or place.endswith(" on criterion")}
    if not shown or not choice.has_content:
        return in_book
    in_files = {place for place in world.words.by_place if any(is_in_file(place, item) for item in shown)}
    return in_book | in_files | (KEPT if "mended" in shown else set())


def item_of(place: str) -> str:
    """Which item the words of a place are of: those of an original are of what was redacted."""
    item = place.split()[1]
    return "redacted" if item == "original" else item


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("profile", list(Profile))
def test_it_holds_what_was_chosen_and_nothing_else(world: World, name: str, profile: Profile, tmp_path: Path) -> None:
    installation, choice = world.installation, choice_of(world, name)[0]
    target = tmp_path / "amina.zip"
    made = Leap2aMaker(installation.database, installation.store).make(
        world.cast.enrolments["amina"],
        target,
        doer=System(),
        profile=profile,
        choice=choice,
        tell=lambda *_told: None,
    )
    assert made.held == ()
    assert found_in(world, target) == allowed(world, name)
    with zipfile.ZipFile(target) as archive:
        assert len(archive.namelist()) == made.files + 1
