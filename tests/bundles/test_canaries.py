"""A bundle holds what is on record and was chosen, in all its versions, and nothing else: looked for in every member of
it, unpacked as far as anything can be, with what pictures and documents carry beside what is seen.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import stems
from portfolio.audit.events import System
from portfolio.bundles.making import Maker
from portfolio.bundles.outcome import Bundle
from portfolio.drafts import actions as drafts
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.export.rules import Choice, Extent
from tests.bundles.scenes import unpacked, verified
from tests.cast import FULL_NAMES
from tests.export.canaries import World, every_file, step
from tests.export.planted_once import copied
from tests.export.test_canaries import expected, places_in
from tests.policy.crawling import plain

WHOLE = "record", "unused", "before", "after", "noted", "overruled"
"""Items of amina's that are in a bundle as they were handed in; those of `redacted` have the files made in their place,
and of `mended` the first file is left.
"""
RELEASED = {
    "record": ("marguerite",), "redacted": ("marguerite",), "before": ("marguerite",), "after": ("marguerite",),
    "mended": ("marguerite",), "overruled": ("tobias", "dafydd"),
}  # fmt: skip
"""Whose words on an item are on record: a trainee's too, once a colleague has countersigned."""
TEXTS = "title", "context", "role", "annotation", "place", "name *"
SAMPLE = "redacted", "overruled"


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything is planted, and what stands beside the items."""
    with copied(sqlite_template, tmp_path_factory) as found:
        step(found, beside)
        yield found


def beside(session: Session, world: World) -> None:
    """What amina typed and did not save, what marguerite keeps for herself, where iris thought that personal data was,
    and why it was none.
    """
    name, cast = world.words.name, world.cast
    drafts.save(session, cast.people["amina"], "evidence.write.1", {"body": f"I typed {name('amina typed body')}."})
    stems.keep(session, cast.actor("marguerite", session), f"Next time {name('amina stem')}")
    iris, ref = cast.actor("iris", session), world.words.refs["amina record"]
    item = select(Evidence).where(Evidence.enrolment_id == cast.enrolments["amina"], Evidence.ref == ref)
    evidence = session.scalars(item).one()
    amending.hide(session, iris, evidence, words=f"See {name('amina breach words')}.")
    amending.show_again(session, iris, evidence, reason=f"It is {name('amina breach reason')}.")


def made(world: World, choice: Choice, folder: Path, *whose: str) -> tuple[Bundle, Path]:
    """The bundle of these learners, and where it was unpacked."""
    installation = world.installation
    maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)
    ids = [world.cast.enrolments[name] for name in whose]
    packed = folder / "bundle.zip"
    bundle = maker.make(ids, packed, doer=System(), choice=choice, tell=lambda _done, _total, _message: None)
    return bundle, unpacked(packed, folder / "unpacked")


def everything_said(content: bytes, name: str = "") -> Iterator[str]:
    """Every reading of a file that there is: as it is, in every coding, unpacked, and what it carries unseen."""
    yield name
    yield from plain(content)
    yield content.decode("latin-1")
    yield content.decode("utf-16-le", "replace")
    yield content[1:].decode("utf-16-le", "replace")
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment.decode("latin-1")
            for member in archive.infolist():
                yield member.comment.decode("latin-1")
                yield from everything_said(archive.read(member), member.filename)
    elif content[:5] == b"%PDF-":
        yield from _in_pdf(content)
    else:
        yield from _in_picture(content)


def _in_pdf(content: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(content)
    yield "".join("".join(page.get_textpage().get_text_bounded() for page in document).split())
    document.close()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield str({key: str(value) for key, value in pdf.docinfo.items()})
        for found in pdf.objects:
            yield repr(found)
            if isinstance(found, pikepdf.Stream):
                try:
                    yield found.read_bytes().decode("latin-1")
                except pikepdf.PdfError:
                    yield found.read_raw_bytes().decode("latin-1")


def _in_picture(content: bytes) -> Iterator[str]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            yield str(image.info)
            yield str(dict(image.getexif()))
    except (UnidentifiedImageError, OSError):
        return


def found_in(world: World, folder: Path) -> set[str]:
    """The places whose words stand anywhere in a bundle, or in the name of anything in it."""
    said = []
    for path in sorted(folder.rglob("*")):
        said.append(str(path.relative_to(folder)))
        if path.is_file():
            said += everything_said(path.read_bytes())
    return places_in(world, "\n".join(said))


def on_record(world: World, *items: str) -> set[str]:
    """The places whose words are on record in these items of amina's, in whichever version."""
    patterns = set()
    for item in items:
        if item in WHOLE:
            patterns |= {f"{item} {text}" for text in TEXTS}
        if item == "redacted":
            patterns |= {f"original {text}" for text in TEXTS}
        if item == "mended":
            patterns |= {"mended unseen exif", "mended unseen comment"}
        for by in RELEASED.get(item, ()):
            patterns |= {f"{item} by {by} feedback", f"{item} by {by} on criterion"}
    places = world.words.by_place
    found = {place for place in places if any(fnmatch(place, f"amina {pattern}") for pattern in patterns)}
    return found | {place for place in places if any(is_in_file(place, item) for item in items)}


def is_in_file(place: str, item: str) -> bool:
    """Whether the words stand in the content of a file that the item has on record."""
    if item == "mended" or not place.startswith(f"amina {item} "):
        return False
    part = place.removeprefix(f"amina {item} ")
    of_item = part.split()[0] in {"title", "context", "role", "annotation", "place", "name", "by", "made"}
    return not of_item


def test_a_whole_portfolio_holds_all_that_is_on_record_and_nothing_else(world: World, tmp_path: Path) -> None:
    bundle, folder = made(world, Choice(), tmp_path, "amina")
    assert (bundle.portfolios, bundle.held) == (1, ())
    items = [*WHOLE, "redacted", "mended"]
    allowed = on_record(world, *items)
    assert found_in(world, folder) == allowed
    assert len(allowed) > 150
    for state in ("draft", "withdrawn", "trashed", "hidden", "noted by", "unused made", "typed", "stem", "breach"):
        of_state = {place for place in world.words.by_place if f"{place} ".startswith(f"amina {state} ")}
        assert of_state
        assert not of_state & allowed
    assert verified(folder)[0] == 0


def test_a_sample_holds_these_items_and_what_a_book_of_them_tells(world: World, tmp_path: Path) -> None:
    refs = tuple(world.words.refs[f"amina {item}"] for item in SAMPLE)
    _bundle, folder = made(world, Choice(Extent.SAMPLE, refs=refs), tmp_path, "amina")
    in_book = expected(world, "sample")
    assert found_in(world, folder) == on_record(world, *SAMPLE) | in_book
    records = (folder / FULL_NAMES["amina"].replace(" ", "-") / "records.json").read_text()
    assert places_in(world, records) <= on_record(world, *SAMPLE)
    assert [row["ref"] for row in json.loads(records)["items"]] == sorted(refs)
    assert verified(folder)[0] == 0


def test_of_two_learners_each_folder_holds_ones_own(world: World, tmp_path: Path) -> None:
    bundle, folder = made(world, Choice(), tmp_path, "amina", "ben")
    assert bundle.held == ()
    for name in ("amina", "ben"):
        [own] = [path for path in folder.iterdir() if path.name == FULL_NAMES[name].replace(" ", "-")]
        found = found_in(world, own)
        assert found
        assert {place.split()[0] for place in found} == {name}
    assert not {place for place in found_in(world, folder) if place.startswith("olga ")}


def test_the_reader_finds_every_word_of_every_kind_of_file(world: World) -> None:
    """What this test does not find in a file as it came, it would not find in a bundle either."""
    for item in ("record", "hidden"):
        files = every_file(world.words, f"amina {item}")
        said = "\n".join("\n".join(everything_said(content, name)) for content, name, _kind in files)
        there = {place for place in world.words.by_place if is_in_file(place, item)}
        assert there <= places_in(world, said)
        assert len(there) > 20


def test_a_word_is_found_however_it_is_hidden() -> None:
    word = re.compile("qzxabcdefabcdef")
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "qzxabcdefabcdef")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    for content in (outer.getvalue(), "qzxabcdefabcdef".encode("utf-16-le"), b"<b>qzxabc</b>defabcdef"):
        assert any(word.search(said) for said in everything_said(content))
