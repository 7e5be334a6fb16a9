"""Pictures redacted: what they carried is gone, what was drawn is covered, and all else is the picture that it was."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from portfolio.documents import engines, ocr
from portfolio.documents.redaction import apart, pictures
from portfolio.documents.redaction.plan import Box, Plan, Swap, Why
from portfolio.documents.redaction.work import Refused
from tests.documents.redaction import paper
from tests.documents.redaction.laid_open import Planted, lacks, read

PNG, JPEG, GIF, WEBP, TIFF = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff")
COLLECTION = Path(__file__).parents[4] / "shared" / "hostile-dev"
KINDS = {".jpg": JPEG, ".png": PNG, ".gif": GIF, ".webp": WEBP, ".tif": TIFF, ".heic": "image/heic"}
TOLD = (Swap("Margaret Halewick", "Customer A", "PERSON"), Swap("020 7946 0999", "[phone]", "PHONE"))
HALF = (Box(1, 0.5, 0.0, 1.0, 1.0),)


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ocr", lambda: None)


def coloured(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Four colours, so that any turn shows."""
    picture = Image.new("RGB", size, "red")
    width, height = size
    pen = ImageDraw.Draw(picture)
    pen.rectangle((width // 2, 0, width, height // 2), fill="lime")
    pen.rectangle((0, height // 2, width // 2, height), fill="blue")
    pen.rectangle((width // 2, height // 2, width, height), fill="white")
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    output = io.BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def differs(one: Image.Image, other: Image.Image) -> float:
    """How far apart two pictures are, of 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize(("kind", "make"), [(JPEG, paper.full_jpeg), (PNG, paper.full_png)])
def test_nothing_that_it_carried_is_left(
    tmp_path: Path, kind: str, make: Callable[[Planted, Image.Image], bytes]
) -> None:
    planted = Planted()
    data = make(planted, coloured())
    assert len(planted.used) >= 15
    assert lacks(tmp_path, data, kind, planted.used) == []
    made = paper.redacted(tmp_path, data, kind, planted.swaps)
    assert paper.still_in(made.data, planted.used) == []
    assert made.report.media_type == kind
    assert made.report.counts == {"PERSON": len(planted.used)}
    assert {"where the picture was taken", "when it was taken", "who took it", "notes inside the picture"} <= set(
        made.report.gone
    )
    assert differs(made.picture(), coloured()) < 3
    assert not made.picture().getexif()


@pytest.mark.usefixtures("no_engine")
def test_where_it_was_taken_is_said_in_words(tmp_path: Path) -> None:
    data = paper.full_jpeg(Planted(), coloured())
    (told,) = [text for text in read(tmp_path, data, JPEG) if "taken" in text.words]
    assert "Where it was taken: 53.80083, -1.54889" in told.words
    assert not told.is_seen


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (GIF, saved(coloured(), "GIF", comment=b"By Margaret Halewick")),
        (TIFF, saved(coloured(), "TIFF", description="By Margaret Halewick", software="Margaret Halewick")),
        (WEBP, saved(coloured(), "WEBP", xmp=paper.XMP.format("Margaret Halewick", "Margaret Halewick").encode())),
    ],
)
def test_notes_of_other_kinds_are_gone(tmp_path: Path, kind: str, data: bytes) -> None:
    assert lacks(tmp_path, data, kind, ["Margaret Halewick"]) == []
    made = paper.redacted(tmp_path, data, kind, TOLD)
    assert paper.still_in(made.data, ["Margaret Halewick"]) == []
    assert made.picture().format == {GIF: "GIF", TIFF: "TIFF", WEBP: "WEBP"}[kind]
    assert differs(made.picture(), coloured()) < 4


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize("turn", range(1, 9))
def test_it_is_upright_whichever_way_the_camera_was_held(tmp_path: Path, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    ways = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = coloured() if turn == 1 else coloured().transpose(Image.Transpose(ways[turn]))
    made = paper.redacted(tmp_path, saved(stored, "PNG", exif=exif), PNG, (), (Box(1, 0.0, 0.0, 0.5, 0.5),))
    expected = coloured()
    ImageDraw.Draw(expected).rectangle((0, 0, 60, 40), fill="black")
    assert differs(made.picture(), expected) < 3


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize("kind", [PNG, JPEG, GIF, WEBP, TIFF])
def test_a_box_is_opaque_and_the_rest_is_kept(tmp_path: Path, kind: str) -> None:
    data = saved(coloured(), {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP", TIFF: "TIFF"}[kind])
    made = paper.redacted(tmp_path, data, kind, (), HALF)
    picture = made.picture().convert("RGB")
    assert made.report.boxes == 1
    assert paper.lightest(picture.crop((64, 0, 120, 80))) < 12
    assert differs(picture.crop((0, 0, 56, 80)), coloured().crop((0, 0, 56, 80))) < 5


@pytest.mark.usefixtures("no_engine")
def test_what_cannot_be_seen_through_is_not_behind_it(tmp_path: Path) -> None:
    layer = coloured().convert("RGBA")
    layer.putalpha(Image.new("L", layer.size, 3))
    layer.paste((0, 0, 0, 255), (0, 0, 10, 10))
    made = paper.redacted(tmp_path, saved(layer, "PNG"), PNG, ()).picture()
    assert made.mode == "RGBA"
    assert made.getpixel((5, 5)) == (0, 0, 0, 255)
    assert made.crop((20, 20, 120, 80)).getextrema() == ((255, 255), (255, 255), (255, 255), (0, 0))


@pytest.mark.usefixtures("no_engine")
def test_a_moving_picture_is_covered_throughout(tmp_path: Path) -> None:
    second = coloured().transpose(Image.Transpose.ROTATE_180)
    data = saved(coloured(), "GIF", save_all=True, append_images=[second], duration=[120, 240], loop=3)
    made = paper.redacted(tmp_path, data, GIF, (), HALF).picture()
    assert getattr(made, "n_frames", 1) == 2
    assert made.info["loop"] == 3
    for number, milliseconds in enumerate([120, 240]):
        made.seek(number)
        assert made.info["duration"] == milliseconds
        assert paper.lightest(made.crop((64, 0, 120, 80))) == 0


@pytest.mark.usefixtures("no_engine")
def test_each_page_of_a_scan_has_its_own_boxes(tmp_path: Path) -> None:
    data = saved(coloured(), "TIFF", save_all=True, append_images=[coloured()], dpi=(300, 300))
    made = paper.redacted(tmp_path, data, TIFF, (), (Box(2, 0.5, 0.0, 1.0, 1.0),)).picture()
    assert differs(made, coloured()) == 0
    assert tuple(map(round, made.info["dpi"])) == (300, 300)
    made.seek(1)
    assert made.convert("RGB").crop((64, 0, 120, 80)).getextrema() == ((0, 0),) * 3


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_it_is_said_to_be_unread(tmp_path: Path) -> None:
    made = paper.redacted(tmp_path, saved(coloured(), "PNG"), PNG, TOLD)
    assert [(one.place, one.why) for one in made.report.unread] == [("The picture", Why.PICTURE)]
    assert paper.redacted(tmp_path, saved(coloured((9, 9)), "PNG"), PNG, TOLD).report.unread == []


@pytest.mark.parametrize(("kind", "name", "read_to", "is_all"), [(TIFF, "TIFF", 14, True), (GIF, "GIF", 12, False)])
def test_every_page_of_a_scan_is_read_and_of_a_moving_picture_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str, read_to: int, is_all: bool
) -> None:
    pages = [Image.new("RGB", (40, 40), (number * 15, 0, 0)) for number in range(14)]
    data = saved(pages[0], name, save_all=True, append_images=pages[1:])
    asked: list[int] = []

    def words_in(_picture: Image.Image) -> list[ocr.Word]:
        asked.append(len(asked) + 1)
        return [ocr.Word("Halewick" if asked[-1] == 14 else "Bill", 0.1, 0.1, 0.5, 0.3, 0)]

    monkeypatch.setattr(ocr, "words_in", words_in)
    made = paper.redacted(tmp_path, data, kind, (Swap("Halewick", "Customer A", "PERSON"),))
    assert asked == list(range(1, read_to + 1))
    assert made.report.counts == ({"PERSON": 1} if is_all else {})
    expected = {("The picture", Why.READ)} | (set() if is_all else {("The picture", Why.PICTURE)})
    assert {(one.place, one.why) for one in made.report.unread} == expected


@pytest.mark.ocr
@paper.needs_ocr
def test_words_are_found_and_painted_over(tmp_path: Path) -> None:
    picture = paper.written("Complaint about a bill", "Mrs Margaret Hale-", "wick of Leeds", "Call 020 7946 0999")
    data = saved(picture, "JPEG", quality=90)
    assert lacks(tmp_path, data, JPEG, ["Margaret Halewick of Leeds", "Complaint about a bill"]) == []
    made = paper.redacted(tmp_path, data, JPEG, TOLD)
    assert made.report.counts == {"PERSON": 1, "PHONE": 1}
    said = " ".join(ocr.lines_of(ocr.words_in(made.picture())))
    assert "Complaint about a bill" in said
    assert "CustomerA" in said.replace(" ", "")
    assert not {"Margaret", "Hale-", "wick", "0999"} & set(said.split())


@pytest.mark.ocr
@paper.needs_ocr
def test_white_letters_on_nothing_are_found(tmp_path: Path) -> None:
    words = paper.written("Mrs Margaret Halewick").convert("L")
    layer = Image.new("RGBA", words.size, (255, 255, 255, 0))
    layer.putalpha(ImageChops.invert(words))
    made = paper.redacted(tmp_path, saved(layer, "PNG"), PNG, TOLD)
    assert made.report.counts == {"PERSON": 1}


def test_too_many_pixels_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(Refused, match="too many pixels"):
        paper.redacted(tmp_path, saved(coloured(), "PNG"), PNG, ())


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_FRAMES", 1)
    data = saved(coloured(), "TIFF", save_all=True, append_images=[coloured()])
    with pytest.raises(Refused, match="too many pages"):
        paper.redacted(tmp_path, data, TIFF, ())


def test_odd_and_broken_files_are_redacted_or_refused(tmp_path: Path) -> None:
    if not COLLECTION.is_dir():
        pytest.skip("The collection of hostile files is not here.")
    with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
        rows = [row for row in csv.DictReader(listed) if row["file"].startswith("img-")]
    refused: dict[str, str] = {}
    for row in rows:
        source, target = COLLECTION / row["file"], tmp_path / "out"
        try:
            made = apart.redact(source, KINDS[source.suffix], target, Plan(TOLD, HALF), seconds=20)
        except Refused as trouble:
            refused[row["file"]] = str(trouble)
            assert not target.exists()
            continue
        with Image.open(target) as picture:
            assert not any(tag in picture.getexif() for tag in (0x8825, 0x8769, 0x010F, 0x013B))
            assert not {"xmp", "comment", "icc_profile", "exif"} & set(picture.info)
        assert made.media_type == (JPEG if source.suffix == ".heic" else KINDS[source.suffix])
    assert all(sentence.endswith(".") for sentence in refused.values())
    assert not [name for name in refused if name.startswith("img-ok")]
