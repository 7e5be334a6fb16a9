"""A bundle from anybody is opened as it was made, or refused with its own sentence, and nothing stays behind."""

import hashlib
import io
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portfolio.audit.events import System, fingerprint
from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.incoming import Incoming, Limits
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.making import Maker
from portfolio.criteria.contents import content_sha
from portfolio.export.rules import WHOLE, Choice, Extent
from tests.assessment import signing
from tests.bundles.hostile_bundles import Forger, cases
from tests.export.canaries import step
from tests.export.planted_once import copied

SECONDS = 1.0
"""How much time of the processor a refusal may take."""
CASES = {name: (make, words) for name, make, words in cases()}
assert len(CASES) == len([*cases()]), "two cases have one name"


@dataclass(frozen=True)
class Good:
    """A bundle with everything that there is: of amina, whose items stand at every stage, and ben, signed and opened
    again. `sample` is one of two items of amina's.
    """

    packed: bytes
    sample: bytes
    forger: Forger


@pytest.fixture(scope="module")
def good(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Good]:
    """Made by the product's own actions, once."""
    folder = tmp_path_factory.mktemp("packed")
    with copied(sqlite_template, tmp_path_factory) as world:
        installation = world.installation
        step(world, lambda session, found: signing.reopened(session, found.cast, signing.signed(session, found.cast)))
        maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)
        ids = [world.cast.enrolments[name] for name in ("amina", "ben")]
        refs = tuple(world.words.refs[f"amina {name}"] for name in ("redacted", "overruled"))
        two = Choice(Extent.SAMPLE, refs=refs)
        for name, whose, choice in (("whole", ids, WHOLE), ("sample", ids[:1], two)):
            made = maker.make(whose, folder / name, doer=System(), choice=choice, tell=lambda *_told: None)
            assert made.held == ()
        packed = (folder / "whole").read_bytes()
        yield Good(packed, (folder / "sample").read_bytes(), Forger.of(packed, installation.signer))


def opened(packed: bytes, folder: Path, limits: Limits | None = None) -> Incoming:
    """What an archive holds."""
    return open_bundle(io.BytesIO(packed), folder, limits=limits or Limits())


def test_what_was_made_is_opened(good: Good, tmp_path: Path) -> None:
    incoming = opened(good.packed, tmp_path / "opened")
    assert incoming.public_key == good.forger.signer.public_key
    assert incoming.fingerprint == fingerprint(incoming.public_key)
    assert (incoming.centre_number, len(incoming.portfolios)) == ("40217", 2)
    amina, ben = incoming.portfolios
    for portfolio in (amina, ben):
        assert portfolio.records == good.forger.told("records.json", portfolio.name)
        assert portfolio.history == good.forger.told("history.json", portfolio.name)
        assert content_sha(portfolio.packs.qualification) == portfolio.records["qualification"]["content_sha"]
        for unit in portfolio.records["unit_versions"]:
            assert content_sha(portfolio.packs.units[unit["content_sha"]]) == unit["content_sha"]
        for file in portfolio.records["files"]:
            data = portfolio.file(file["path"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])
        assert portfolio.people[0].duties[0] == "learner"
        assert portfolio.learner_uid == portfolio.people[0].uid
    assert {"marguerite", "tobias"} <= {one.name.split()[0].lower() for one in amina.people}
    assert [one["kind"] for one in ben.records["unit_decisions"]] == ["signed_off", "reopened"]
    for table in ("breaches", "amendments", "redactions"):
        assert amina.records[table], table


def test_a_sample_is_opened_too(good: Good, tmp_path: Path) -> None:
    [sample] = opened(good.sample, tmp_path / "opened").portfolios
    assert (sample.extent, len(sample.records["items"])) == ("sample", 2)


@pytest.mark.parametrize("name", CASES)
def test_what_is_hostile_is_refused_with_its_own_sentence(good: Good, tmp_path: Path, name: str) -> None:
    make, words = CASES[name]
    packed = make(good.forger.copy())
    began = time.process_time()
    with pytest.raises(BadBundle) as refused:
        opened(packed, tmp_path / "opened")
    assert time.process_time() - began < SECONDS
    assert any(words in fault for fault in refused.value.faults), refused.value.faults
    assert all(fault.isprintable() and len(fault) <= 300 for fault in refused.value.faults)
    assert {path.name for path in tmp_path.iterdir()} <= {"opened"}


def test_every_fault_is_named_at_once(good: Good, tmp_path: Path) -> None:
    def spoil(records: dict[str, list[dict[str, object]]]) -> None:
        records["judgements"][0]["outcome"] = "brilliant"
        records["items"][0]["uid"] = "short"
        records["people"][0]["name"] = ""

    with pytest.raises(BadBundle) as refused:
        opened(good.forger.copy().records(spoil), tmp_path / "opened")
    said = " ".join(refused.value.faults)
    for place in ("judgements[0].outcome", "items[0].uid", "people[0].name"):
        assert place in said


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(archive=1_000), "a bundle may have 1000 bytes"),
        (Limits(members=5), "more files in the archive than a bundle may have"),
        (Limits(unpacked=10_000), "Unpacked it would have"),
        (Limits(file=2_000), "more than a file of a bundle may have"),
        (Limits(json=2_000), "has more than 2 KB"),
        (Limits(portfolios=1), "there may be 1 to 1"),
        (Limits(depth=2), "more than 2 deep"),
        (Limits(pack=100), "has more than 100 bytes"),
    ],
)
def test_a_bundle_is_as_large_as_it_may_be(good: Good, tmp_path: Path, limits: Limits, words: str) -> None:
    with pytest.raises(BadBundle) as refused:
        opened(good.packed, tmp_path / "opened", limits)
    assert any(words in fault for fault in refused.value.faults), refused.value.faults


def test_whoever_waits_is_told_and_may_break_it_off(good: Good, tmp_path: Path) -> None:
    told: list[str] = []

    def tell(_done: int, _total: int, message: str) -> None:
        told.append(message)
        if message.startswith("Checking"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_bundle(io.BytesIO(good.packed), tmp_path / "opened", tell=tell)
    assert told[0] == "Looking at the archive"
    assert "Unpacking" in told
    shutil.rmtree(tmp_path / "opened")


def test_what_lies_in_the_folder_already_is_never_written_over(good: Good, tmp_path: Path) -> None:
    folder = tmp_path / "opened"
    folder.mkdir()
    (folder / "manifest.json").write_text("Mine")
    with pytest.raises(FileExistsError):
        opened(good.packed, folder)
    assert (folder / "manifest.json").read_text() == "Mine"
