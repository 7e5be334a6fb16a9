"""PDFs redacted: every name is gone from every place and every byte, and the rest looks and says what it did."""

import csv
import io
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageChops, ImageStat
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portfolio.documents import engines
from portfolio.documents.redaction import apart, maker, page_text, pages
from portfolio.documents.redaction.marking import Piece
from portfolio.documents.redaction.page_layer import PageWriter
from portfolio.documents.redaction.plan import Box, Plan, Swap, Why
from portfolio.documents.redaction.work import Refused, Work
from tests.documents.redaction import paper
from tests.documents.redaction.laid_open import Planted, lacks, read

PDF = "application/pdf"
COLLECTION = Path(__file__).parents[4] / "shared" / "hostile-dev"
SECONDS = 40
TOLD = (Swap("Margaret Halewick", "Customer A", "PERSON"),)


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ocr", lambda: None)


def test_every_place_is_read(tmp_path: Path) -> None:
    planted = Planted()
    data = paper.full_pdf(planted)
    assert len(planted.used) >= 15
    assert lacks(tmp_path, data, PDF, planted.used) == []


def test_nothing_is_left_of_any_place(tmp_path: Path) -> None:
    planted = Planted()
    data = paper.full_pdf(planted)
    assert found_before(data, planted) == set(planted.used)
    made = paper.redacted(tmp_path, data, PDF, planted.swaps)
    assert paper.still_in(made.data, planted.used) == []
    assert made.report.counts["PERSON"] >= len(planted.used)
    assert {"the author, the title and other properties", "scripts", "the fields of a form"} <= set(made.report.gone)


def found_before(data: bytes, planted: Planted) -> set[str]:
    """The names of which the search finds a part in the file as it was, or a reader on its page."""
    said = paper.said_on(data).replace("-\n", "").replace("-", "")
    return {name for name in planted.used if paper.still_in(data, [name]) or name.split()[0] in said}


def test_what_remains_says_what_it_did(tmp_path: Path) -> None:
    data = paper.page_with("Dear Margaret Halewick,", "your complaint of 3 March is closed.", "A. Jones")
    made = paper.redacted(tmp_path, data, PDF, TOLD)
    assert made.text() == paper.said_on(data).replace("Margaret Halewick,", "Customer A ,")


def test_what_remains_looks_as_it_did(tmp_path: Path) -> None:
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=paper.A4, invariant=1)
    canvas.setFillColorRGB(0.1, 0.2, 0.5)
    canvas.rect(0, 780, 595, 62, fill=1, stroke=0)
    canvas.drawString(72, 300, "Margaret Halewick")
    canvas.setFont("Times-Italic", 20)
    canvas.drawString(72, 600, "Nothing personal")
    canvas.save()
    made = paper.redacted(tmp_path, output.getvalue(), PDF, TOLD)
    before, after = paper.looks(output.getvalue()), made.page()
    assert after.size == before.size
    above = (0, 0, 595, 500)
    assert ImageStat.Stat(ImageChops.difference(before.crop(above), after.crop(above))).mean < [1.5] * 3
    assert (
        ImageStat.Stat(after.crop((100, 530, 160, 540))).mean != ImageStat.Stat(before.crop((100, 530, 160, 540))).mean
    )


def test_words_under_a_box_are_gone_from_the_picture_and_the_text(tmp_path: Path) -> None:
    data = paper.page_with("Margaret Halewick", "stays")
    made = paper.redacted(tmp_path, data, PDF, (), (Box(1, 0.1, 0.1, 0.4, 0.13),))
    assert made.text().strip() == "stays"
    assert made.page().crop((70, 90, 230, 105)).getextrema() == ((0, 0),) * 3
    assert made.report.boxes == 1


def test_what_is_written_into_a_box_is_in_the_text(tmp_path: Path) -> None:
    data = paper.page_with("Margaret Halewick", "stays")
    made = paper.redacted(tmp_path, data, PDF, (), (Box(1, 0.1, 0.1, 0.4, 0.13, "Customer A"),))
    assert made.text().split() == ["Customer", "A", "stays"]
    assert made.page().crop((70, 90, 230, 105)).getextrema() != ((0, 0),) * 3


def test_a_name_that_a_line_breaks_is_one_name(tmp_path: Path) -> None:
    data = paper.page_with("We wrote to Margaret Hale-", "wick about Anne Smith-", "Jones and her bill.")
    swaps = (*TOLD, Swap("Smith-Jones", "Person 2", "PERSON"))
    made = paper.redacted(tmp_path, data, PDF, swaps)
    assert paper.still_in(made.data, ["Margaret Halewick", "Smith Jones", "wick"]) == []
    assert made.text().split() == [
        "We",
        "wrote",
        "to",
        "Customer",
        "A",
        "about",
        "Anne",
        "Person",
        "2",
        "and",
        "her",
        "bill.",
    ]
    assert made.report.counts == {"PERSON": 2}


def test_a_turned_page_stays_as_it_is_looked_at(tmp_path: Path) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.page_with("Dear Margaret Halewick, this is turned"))) as document:
        document.pages[0].rotate(90, relative=False)
        document.pages[0].CropBox = pikepdf.Array([50, 300, 500, 842])
        document.save(output)
    made = paper.redacted(tmp_path, output.getvalue(), PDF, TOLD)
    before, after = paper.looks(output.getvalue()), made.page()
    assert after.size == before.size == (542, 450)
    assert paper.still_in(made.data, ["Margaret Halewick"]) == []
    assert ImageStat.Stat(ImageChops.difference(before, after)).mean[0] < 6
    assert made.text().split() == ["Dear", "Customer", "A", ",", "this", "is", "turned"]


def test_what_stands_beside_the_page_is_read_and_gone(tmp_path: Path) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.page_with("Nothing personal", "Margaret Halewick and others"))) as document:
        document.pages[0].CropBox = pikepdf.Array([0, 737, 595, 842])
        document.save(output)
    assert lacks(tmp_path, output.getvalue(), PDF, ["Margaret Halewick and others"]) == []
    made = paper.redacted(tmp_path, output.getvalue(), PDF, TOLD)
    assert "others" not in made.text()


def test_any_script_is_found_again(tmp_path: Path) -> None:
    words = ["Zażółć", "Ωμέγα", "Привет", "中文", "שלום", "مرحبا", "😀"]
    pieces = [Piece(word, (0.1, 0.1 * at, 0.4, 0.1 * at + 0.03)) for at, word in enumerate(words, 1)]
    writer = PageWriter()
    writer.add(paper.written("blank"), 595, 842, pieces)
    writer.save(tmp_path / "made.pdf")
    assert paper.said_on((tmp_path / "made.pdf").read_bytes()).split() == words


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    planted = Planted()
    data = paper.full_pdf(planted)
    first, again = (paper.redacted(tmp_path, data, PDF, planted.swaps).data for _time in range(2))
    assert first == again


def test_bookmarks_and_attachments_go_along(tmp_path: Path) -> None:
    planted = Planted()
    made = paper.redacted(tmp_path, paper.full_pdf(planted), PDF, planted.swaps)
    with pikepdf.open(io.BytesIO(made.data)) as document:
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Letter to Person 12"]
        (name,) = document.attachments
        assert name == "For Person 21.txt"
        assert document.attachments[name].get_file().read_bytes() == b"Call Person 20 back"
        assert len(document.docinfo) == 0
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Outlines", "/Names", "/AF"}


def test_an_attachment_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.page_with("Hello"))) as document:
        document.attachments["list.bin"] = pikepdf.AttachedFileSpec(
            document, b"\1\2\3\0", filename="list.bin", description="", mime_type="", creation_date="", mod_date=""
        )
        document.save(output)
    made = paper.redacted(tmp_path, output.getvalue(), PDF, ())
    with pikepdf.open(io.BytesIO(made.data)) as document:
        assert len(document.attachments) == 0
    assert [(one.place, one.why) for one in made.report.unread] == [("Attachment 1", Why.KIND)]


def test_an_earlier_version_is_read_and_gone(tmp_path: Path) -> None:
    data = paper.written_over(paper.page_with("Nobody is named here"), "Written by Margaret Halewick")
    assert paper.said_on(data).strip() == "Nobody is named here"
    told = [(text.place, text.words, text.is_seen) for text in read(tmp_path, data, PDF)]
    assert ("Earlier version 1", "Written by Margaret Halewick", False) in told
    made = paper.redacted(tmp_path, data, PDF, TOLD)
    assert paper.still_in(made.data, ["Margaret Halewick"]) == []
    assert "earlier versions of the document" in made.report.gone


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_a_scanned_page_is_said_to_be_unread(tmp_path: Path) -> None:
    data = paper.scan_of(paper.written("Margaret Halewick"))
    made = paper.redacted(tmp_path, data, PDF, TOLD)
    assert [(one.place, one.why) for one in made.report.unread] == [("Page 1", Why.PICTURE)]
    assert paper.redacted(tmp_path, paper.page_with("All text " * 9), PDF, TOLD).report.unread == []


@pytest.mark.ocr
@paper.needs_ocr
def test_words_in_a_scan_are_found_and_painted_over(tmp_path: Path) -> None:
    data = paper.scan_of(paper.written("Complaint about a bill", "Margaret Halewick", "Leeds"))
    assert lacks(tmp_path, data, PDF, ["Margaret Halewick", "Complaint about a bill"]) == []
    made = paper.redacted(tmp_path, data, PDF, TOLD)
    assert made.text().split() == ["Complaint", "about", "a", "bill", "Customer", "A", "Leeds"]
    assert made.report.counts == {"PERSON": 1}
    assert [(one.place, one.why) for one in made.report.unread] == [("Page 1", Why.READ)]
    again = " ".join(text.words for text in read(tmp_path, made.data, PDF))
    assert "Customer A" in again
    assert "Halewick" not in again


@pytest.mark.ocr
@paper.needs_ocr
def test_what_a_scanner_misread_is_covered_as_well(tmp_path: Path) -> None:
    """A scan with a layer of text that says another thing than the picture."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=paper.A4, invariant=1)
    canvas.drawImage(ImageReader(paper.written("Margaret Halewick")), 50, 500, 450, 200)
    layer = canvas.beginText(80, 650)
    layer.setTextRenderMode(3)
    layer.textLine("Margar3t Ha1ewick, Margaret Ha1ewlck")
    canvas.drawText(layer)
    canvas.save()
    made = paper.redacted(tmp_path, output.getvalue(), PDF, TOLD)
    assert "wick" not in made.text()
    assert "lck" not in made.text()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\nnothing", "The PDF is broken."),
        (b"", "The PDF is broken."),
    ],
)
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        paper.redacted(tmp_path, data, PDF, TOLD)


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.page_with("Hello"))) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="owner", user="secret"))
    with pytest.raises(Refused, match="locked with a password"):
        paper.redacted(tmp_path, output.getvalue(), PDF, TOLD)


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 0)
    with pytest.raises(Refused, match=r"has 1 pages\. At most 0"):
        paper.redacted(tmp_path, paper.page_with("Hello"), PDF, TOLD)


def test_too_much_text_on_a_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_text, "MOST_SIGNS", 3)
    with pytest.raises(Refused, match="more text on one page"):
        paper.redacted(tmp_path, paper.page_with("Hello"), PDF, TOLD)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(paper.page_with("Dear Margaret Halewick"))
    work = Work(Plan(), maker.redact_inner, keeps_texts=True)
    assert pages.redact_pdf(source, tmp_path / "target", work, PDF) == PDF
    assert [text.words for text in work.texts if text.is_seen] == ["Dear Margaret Halewick"]
    assert not (tmp_path / "target").exists()


def test_odd_and_broken_files_are_redacted_or_refused_in_time(tmp_path: Path) -> None:
    if not COLLECTION.is_dir():
        pytest.skip("The collection of hostile files is not here.")
    with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
        rows = [row for row in csv.DictReader(listed) if row["file"].startswith("pdf-")]
    refused: dict[str, str] = {}
    for row in rows:
        source, target = COLLECTION / row["file"], tmp_path / "out.pdf"
        began = time.monotonic()
        try:
            if row["expect"] == "A":
                apart.redact(source, PDF, target, Plan(TOLD), seconds=SECONDS)
                with pikepdf.open(target) as document:
                    assert len(document.pages) >= 1
            else:
                apart.read_whole(source, PDF, tmp_path, seconds=SECONDS)
        except Refused as trouble:
            refused[row["file"]] = str(trouble)
        assert time.monotonic() - began < 2 * SECONDS
    assert all(sentence.endswith(".") for sentence in refused.values())
    assert not [name for name in refused if name.startswith("pdf-ok")]
