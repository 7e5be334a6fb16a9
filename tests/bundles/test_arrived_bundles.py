"""A bundle of a portfolio that itself came from elsewhere: it says so, proves it, and is found out where it lies."""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portfolio.audit.events import Signer
from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.incoming import Incoming
from tests.bundles.arriving_scenes import Harbour, everybody, harbour_of, opened, packed, travelling
from tests.bundles.hostile_bundles import Forger
from tests.bundles.scenes import unpacked, verified
from tests.export.planted_once import copied
from tests.policy.estate import opened_on

WHO = ("amina", "ben")
FAR_NUMBER = "50998"


@dataclass(frozen=True)
class Ways:
    """A bundle as it set out, as it was sent on, and as it was sent on once more; and the keys of the three."""

    first: Path
    second: Path
    third: Path
    keys: tuple[str, str, str]
    signers: tuple[Signer, Signer]
    """Of the second and the third installation."""


@pytest.fixture(scope="module")
def ways(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """Made, brought in, made again, brought in again and made again, once."""
    place, two, three = (tmp_path_factory.mktemp(name) for name in ("ways", "two", "three"))
    with (
        copied(sqlite_template, tmp_path_factory) as world,
        closing(opened_on(sqlite_template, two)) as near,
        closing(opened_on(sqlite_template, three)) as far,
    ):
        cast = travelling(world)
        first = packed(world.installation, [cast.enrolments[name] for name in WHO], place / "first.zip")
        second = sent_on(harbour_of(near, *WHO), first, place / "second")
        third = sent_on(harbour_of(far, *WHO, number=FAR_NUMBER), second, place / "third")
        keys = (world.installation.signer.public_key, near.signer.public_key, far.signer.public_key)
        yield Ways(first, second, third, keys, (near.signer, far.signer))


def sent_on(harbour: Harbour, bundle: Path, place: Path) -> Path:
    """What a bundle brought, in a bundle of where it came to."""
    incoming = opened(bundle, place)
    brought = harbour.bring_in(incoming, harbour.plan(incoming, everybody(incoming, harbour.cast)))
    harbour.settle()
    return packed(harbour.installation, brought, place.with_suffix(".zip"))


def test_it_proves_itself_and_says_where_it_came_from(ways: Ways, tmp_path: Path) -> None:
    for number, bundle in enumerate((ways.first, ways.second, ways.third)):
        ended, said = verified(unpacked(bundle, tmp_path / str(number)))
        assert ended == 0, said
        assert said.count("It came from") == number * len(WHO)
        assert said.count("It came from Harbour Training (50999)") == (len(WHO) if number == 2 else 0)


def test_it_is_opened_with_the_histories_that_it_had_elsewhere(ways: Ways, tmp_path: Path) -> None:
    before = {one.records["enrolment"]["uid"]: one for one in opened(ways.first, tmp_path / "first").portfolios}
    for number, bundle in ((1, ways.second), (2, ways.third)):
        incoming = opened(bundle, tmp_path / str(number))
        assert incoming.public_key == ways.keys[number]
        for portfolio in incoming.portfolios:
            keys = [one.arrival["public_key"] for one in portfolio.earlier]
            assert keys == list(ways.keys[:number])
            sent = before[portfolio.records["enrolment"]["uid"]]
            assert portfolio.earlier[0].history == sent.history
            assert portfolio.earlier[0].arrival["stream"] == sent.stream
            assert portfolio.stream != sent.stream


def test_signatures_say_where_they_were_made(ways: Ways, tmp_path: Path) -> None:
    """The first installation made them all, however far they went."""
    for number, bundle in enumerate((ways.first, ways.second, ways.third)):
        made = [there["key"] if there else "" for there in elsewhere(opened(bundle, tmp_path / str(number)))]
        assert len(made) > 2
        assert set(made) == {ways.keys[0] if number else ""}


def elsewhere(incoming: Incoming) -> list[Any]:
    """What each signature says of where it was made."""
    return [one["elsewhere"] for portfolio in incoming.portfolios for one in portfolio.records["signatures"]]


def of_ben(forger: Forger) -> Forger:
    """The same; what is changed is ben's, whose unit was signed off."""
    forger.amina, forger.ben = forger.ben, forger.amina
    return forger


def changed_history(forger: Forger, change: Callable[[Any], object], name: str = "history-elsewhere-1.json") -> bytes:
    """With another history of elsewhere, chained anew, but not signed: nobody has the key of that installation."""
    said = forger.told(name)
    change(said)
    forger.tell(name, said)
    return forger.packed()


def in_arrival(**says: Any) -> Callable[[Forger], bytes]:
    """With a record of the arrival that says something else."""
    return lambda forger: forger.records(lambda records: records["arrivals"][0].update(says))


def in_head(forger: Forger) -> bytes:
    """As if its history there had ended earlier."""
    history = forger.told("history-elsewhere-1.json")[:-1]
    forger.tell("history-elsewhere-1.json", history)
    end = history[-1]
    head = {"seq": len(history), "hash": end["hash"], "signature": end["signature"]}
    return forger.records(lambda records: records["arrivals"][0].update(head=head))


def in_signature(**says: Any) -> Callable[[Forger], bytes]:
    """With a signature that says otherwise where it was made."""
    return lambda forger: forger.records(lambda records: records["signatures"][0]["elsewhere"].update(says))


def made_here(forger: Forger) -> bytes:
    """With a signature that is said to be one of here."""
    return forger.records(lambda records: records["signatures"][0].update(elsewhere=None))


def in_import(change: Callable[[Any], object]) -> Callable[[Forger], bytes]:
    """With another entry about the arrival, in a history that is chained and signed anew: by whoever has the key."""

    def forge(entries: Any) -> None:
        change(next(one for one in entries if one["verb"] == "enrolment.import")["text"])

    return lambda forger: forger.history(forge)


def without_history(forger: Forger) -> bytes:
    """Without the history that it had elsewhere."""
    del forger.files[f"{forger.amina}/history-elsewhere-1.json"]
    return forger.packed()


def untold(forger: Forger) -> bytes:
    """As if it had come from nowhere."""
    return forger.records(lambda records: records["arrivals"].clear())


def drop(table: str) -> Callable[[Any], object]:
    """Without what an arrival tells of a kind."""

    def change(text: Any) -> None:
        text["told"] = [one for one in text["told"] if one[0] != table]

    return change


CASES: dict[str, tuple[Callable[[Forger], bytes], str]] = {
    "no history": (without_history, "history-elsewhere-1.json is missing"),
    "untold": (untold, "came from where no history is here of"),
    "cut": (in_head, "where it came from is not as the history tells of it"),
    "an entry": (lambda f: changed_history(f, lambda h: h[3].update(role="learner?")), "it is not what was hashed"),
    "an entry less": (lambda f: changed_history(f, lambda h: h.pop(3)), "an entry is missing or out of order"),
    "words": (
        lambda f: changed_history(f, lambda h: next(e for e in h if "text" in e)["text"].update(no=77)),
        "its words are not those that were recorded",
    ),
    "its signature": (
        lambda f: changed_history(f, lambda h: h[2].update(signature=h[1]["signature"])),
        "is not signed with the key of the centre where it was made",
    ),
    "other centre": (
        in_arrival(centre={"uid": "a" * 20, "name": "Elsewhere", "number": "1"}),
        "where it came from is not as the history tells of it",
    ),
    "other people": (in_arrival(people=[["a" * 20, "Nobody"]]), "where it came from is not as the history tells of it"),
    "other day": (
        in_arrival(arrived_at="2026-01-01T00:00:00.000000+00:00"),
        "where it came from is not as the history tells of it",
    ),
    "other bundle": (in_arrival(bundle="0" * 64), "where it came from is not as the history tells of it"),
    "other key": (in_arrival(public_key="0" * 64), "not signed with the key"),
    "other file": (in_arrival(history="history-elsewhere-9.json"), "history-elsewhere-9.json is missing"),
    "a way out": (in_arrival(history="../history.json"), "is not of the form"),
    "a word more": (in_arrival(more=1), "which is not known"),
    "other digest": (in_signature(digest="0" * 64), "a signature is not what was signed"),
    "other signer": (in_signature(centre="Elsewhere"), "a signature is not what was signed"),
    "made here": (made_here, "a signature is not what was signed"),
    "nothing signed": (in_import(drop("unit.sign_off")), "a signature is not as the history tells of it"),
    "nothing handed in": (in_import(drop("submission.submit")), "is not as the history tells of it"),
    "nothing released": (in_import(drop("review.release")), "a released review is not as the history tells of it"),
    "of a kind unknown": (
        in_import(lambda text: text["told"].append(["evidence.hide", "evidence:" + "a" * 20, {"ref": "E001"}])),
        "is of a kind that no arrival tells",
    ),
    "not as described": (
        in_import(lambda text: text["told"][0][2].update(no="one")),
        "no, is no integer",
    ),
    "another beginning": (
        in_import(lambda text: text["from"].update(centre="Elsewhere")),
        "where it came from is not as the history tells of it",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_lies_about_its_arrival_is_refused(ways: Ways, tmp_path: Path, name: str) -> None:
    """By whoever opens it; the verifier finds it too."""
    forge, words = CASES[name]
    forged = forge(of_ben(Forger.of(ways.second.read_bytes(), ways.signers[0])))
    bundle = tmp_path / "forged.zip"
    bundle.write_bytes(forged)
    with pytest.raises(BadBundle) as refused:
        opened(bundle, tmp_path / "opened")
    assert any(words in fault for fault in refused.value.faults), refused.value.faults
    ended, _said = verified(unpacked(bundle, tmp_path / "unpacked"))
    assert ended == (0 if name in SHAPE_ALONE else 1)


SHAPE_ALONE = {"its signature", "a word more", "of a kind unknown"}
"""What says nothing false in the terms of the verifier; taken in it would be all the same."""


def test_a_middle_installation_cannot_leave_out_where_it_came_from(ways: Ways, tmp_path: Path) -> None:
    """Whoever has the last key alone takes the first arrival out; the history in the middle tells of it."""
    forger = of_ben(Forger.of(ways.third.read_bytes(), ways.signers[1]))
    bundle = tmp_path / "forged.zip"
    bundle.write_bytes(forger.records(lambda records: records["arrivals"].pop(0)))
    with pytest.raises(BadBundle, match="came from where no history is here of"):
        opened(bundle, tmp_path / "opened")


def test_the_readme_names_what_is_in_it(ways: Ways) -> None:
    with zipfile.ZipFile(ways.second) as archive:
        assert "came from elsewhere" in archive.read("README.txt").decode()
        folders = [one["folder"] for one in json.loads(archive.read("manifest.json"))["portfolios"]]
        pages = [archive.read(f"{folder}/index.html").decode() for folder in folders]
    assert all("history-elsewhere-1.json" in page for page in pages)
