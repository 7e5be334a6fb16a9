"""A presentation with words in every place that the format has: none is left, and everything else is as it was."""

import io
import zipfile
from pathlib import Path

from lxml import etree
from PIL import Image

from tests.documents.redaction.office_deck import deck
from tests.documents.redaction.office_samples import SLIDES, Planted, read, redacted
from tests.documents.samples import picture

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def test_nothing_of_any_place_is_left(tmp_path: Path) -> None:
    planted = Planted()
    data = deck(planted)
    assert len(planted.by_place) > 25
    assert len(planted.left_in(data)) > 25
    assert planted.left_in(redacted(data, planted.plan(), tmp_path, SLIDES)) == []


def test_everything_else_is_kept(tmp_path: Path) -> None:
    planted = Planted()
    data, plan = deck(planted), planted.plan()
    numbers = {swap.words: swap.stand_in for swap in plan.swaps}
    with zipfile.ZipFile(io.BytesIO(redacted(data, plan, tmp_path, SLIDES))) as archive:
        names = archive.namelist()
        slide = etree.fromstring(archive.read("ppt/slides/slide1.xml"))
        hidden = etree.fromstring(archive.read("ppt/slides/slide2.xml"))
        image = Image.open(io.BytesIO(archive.read("ppt/media/image1.png")))
        authors = archive.read("ppt/commentAuthors.xml").decode()
        links = archive.read("ppt/slides/_rels/slide1.xml.rels").decode()
        image.load()
    assert image.convert("RGB").tobytes() == Image.open(io.BytesIO(picture())).convert("RGB").tobytes()
    said = [one.text or "" for one in slide.iter(f"{A}t")]
    assert said == [numbers[planted("split runs")], "", numbers[planted("table")], "Write"]
    assert len(list(slide.iter("{*}pic"))) == 2, "the picture of an object stays where the object was"
    assert not list(slide.iter("{*}oleObj"))
    assert hidden.get("show") == "0"
    assert 'name="Author 1"' in authors
    assert "mailto:Customer%20" in links
    assert not [name for name in names if "tag" in name or "changes" in name or "object1" in name]
    listed = {found.get("Target") for found in etree.fromstring(links.encode())}
    assert "../media/image1.png" in listed


def test_the_walk_reads_every_place(tmp_path: Path) -> None:
    planted = Planted()
    texts = read(deck(planted), tmp_path, SLIDES)
    said = "\n".join(text.words for text in texts)
    assert [place for place, name in planted.by_place.items() if name not in said] == ["object"]
    places = {text.words: (text.place, text.is_seen) for text in texts}
    assert places[planted("split runs")] == ("Slide 1", True)
    assert places[planted("hidden slide")] == ("Slide 2 (hidden)", False)
    assert places[planted("notes")] == ("Notes of slide 1", False)
    assert places[planted("alternative text")] == ("Alternative text", False)
