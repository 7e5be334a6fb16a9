"""The proof says what it rests on, takes chance for no words, never hangs on hostile files, and catches a redactor that
leaves one place out.
"""

import base64
import contextlib
import io
import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import docx
import pytest
from PIL import Image

from portfolio.documents import engines
from portfolio.documents.codec import Malformed
from portfolio.documents.proof import apart, members, search, sight
from portfolio.documents.proof.apart import NotProved, prove_apart
from portfolio.documents.proof.prover import prove
from portfolio.documents.proof.values import Hit, Proof, Value, proof_of, values_of
from portfolio.documents.redaction.maker import read_whole, redact_inner
from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office import redact_word
from portfolio.documents.redaction.plan import Plan, Swap
from portfolio.documents.redaction.work import Work
from tests.documents.proof.samples import (
    JPEG,
    MAIL,
    NAME,
    PDF,
    SECRET,
    TEXT,
    VALUES,
    WORD,
    jpeg_note,
    mail,
    pdf,
    png,
    stream,
    text,
    word,
    zipped,
)

HOSTILE = Path(__file__).parents[4] / "shared" / "hostile-dev"
SHORT = (
    Value("Ann", "PERSON"), Value("Lee", "PERSON"), Value("Owen", "PERSON"), Value("4821", "ACCOUNT_REF"),
    Value("309-871", "SORT_CODE"), Value("AB", "USERNAME"),
)  # fmt: skip


@pytest.fixture
def without_reading() -> Iterator[None]:
    """Reading pictures takes its time."""
    with patch.object(engines, "ocr", lambda: None):
        yield


def kept(folder: Path, data: bytes) -> Path:
    path = folder / "result"
    path.write_bytes(data)
    return path


def test_a_proof_says_what_it_rests_on_and_no_word_of_what_was_found(tmp_path: Path) -> None:
    data, media_type = text(NAME)
    proof = prove(kept(tmp_path, data), media_type, VALUES, name="letter.txt")
    assert (proof.sha256, proof.size, proof.values) == (sha256(data).hexdigest(), len(data), len(VALUES))
    assert not proof.is_clean
    assert Hit("The file", "as it is", "PERSON") in proof.hits
    assert proof.parts == 1
    assert "in base64" in proof.ways
    assert proof.tools[0].startswith("Python 3")
    assert proof_of(proof.as_json()) == proof
    assert "Hale" not in str(proof.as_json())


def test_the_name_of_the_file_is_searched_too(tmp_path: Path) -> None:
    proof = prove(kept(tmp_path, b"-"), TEXT, VALUES, name="Letter to Margaret_Hale.txt")
    assert proof.hits == (Hit("Name of the file", "as it is", "PERSON"),)


def test_names_of_parts_are_never_places(tmp_path: Path) -> None:
    made = zipped(f"{NAME}.docx", word(body=f"<w:p><w:r><w:t>{NAME}</w:t></w:r></w:p>")[0])
    proof = prove(kept(tmp_path, made), "application/zip", VALUES)
    assert {one.place for one in proof.hits} >= {"Names of the parts", "Part 1: Text"}
    assert all("Hale" not in one.place for one in proof.hits)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"sha256": "x", "size": 1, "values": 1, "hits": [], "parts": 1, "ways": [], "tools": [], "unsearched": []},
        {
            "sha256": "0" * 64,
            "size": 1,
            "values": 1,
            "hits": [3],
            "parts": 1,
            "ways": [],
            "tools": [],
            "unsearched": [],
        },
    ],
)
def test_nonsense_is_no_proof(value: object) -> None:
    with pytest.raises(Malformed):
        proof_of(value)


@pytest.mark.parametrize("value", [None, [1], [{"words": "", "label": "PERSON"}], [{"words": 3, "label": "PERSON"}]])
def test_nonsense_is_no_values(value: object) -> None:
    with pytest.raises(Malformed):
        values_of(value)


def test_a_proof_is_made_apart(tmp_path: Path) -> None:
    data, media_type = mail(lambda message: message.__setitem__("X-Customer", NAME))
    path = kept(tmp_path, data)
    assert prove_apart(path, media_type, VALUES) == prove(path, media_type, VALUES)
    assert prove_apart(path, media_type, [Value("Thomas Thornton", "PERSON")]).is_clean


@pytest.mark.usefixtures("without_reading")
def test_what_cannot_be_opened_is_not_proved(tmp_path: Path) -> None:
    locked = zipped("a.txt", SECRET).replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0")
    bad = (b"", WORD), (zipped("a.txt", b"-"), WORD), (b"%PDF-1.7 nothing", PDF), (jpeg_note()[0][:200], JPEG)
    encrypted = pdf(stream(b""), b"<</Encrypt 6 0 R>>")[0]
    for data, media_type in (*bad, (locked.replace(b"\x14\0\0\0", b"\x14\0\1\0"), "application/zip"), (encrypted, PDF)):
        with pytest.raises(NotProved):
            prove(kept(tmp_path, data), media_type, VALUES)


def test_a_proof_that_takes_too_long_is_none(tmp_path: Path) -> None:
    with patch.object(apart, "run_limited") as run:
        run.return_value.note = "It took too long."
        with pytest.raises(NotProved):
            prove_apart(kept(tmp_path, b"-"), TEXT, VALUES)
        run.return_value.note, run.return_value.value = "", {"refused": "It is locked."}
        with pytest.raises(NotProved, match=r"It is locked\."):
            prove_apart(kept(tmp_path, b"-"), TEXT, VALUES)
        run.return_value.value = {"hits": []}
        with pytest.raises(NotProved):
            prove_apart(kept(tmp_path, b"-"), TEXT, VALUES)


@pytest.mark.usefixtures("without_reading")
def test_chance_is_not_taken_for_words(tmp_path: Path) -> None:
    chance = random.Random(7)
    noise = chance.randbytes(3_000_000)
    picture = io.BytesIO()
    Image.frombytes("L", (900, 900), noise[:810_000]).save(picture, "TIFF")
    for data, media_type in (
        (noise, "application/octet-stream"),
        (zipped("a.bin", noise[:500_000]), "application/zip"),
        (base64.b64encode(noise[:300_000]).replace(b"+", b" "), TEXT),
        (picture.getvalue(), "image/tiff"),
        (pdf(stream(noise[:300_000].replace(b"endstream", b"")))[0], PDF),
    ):
        assert prove(kept(tmp_path, data), media_type, SHORT).hits == ()


@pytest.mark.usefixtures("without_reading")
def test_ramps_and_tables_of_pictures_are_no_numbers(tmp_path: Path) -> None:
    made = io.BytesIO()
    Image.linear_gradient("L").save(made, "JPEG", optimize=False)
    values = [Value("456789", "ACCOUNT_REF"), Value("56789", "ACCOUNT_REF"), Value("12345678", "BANK_ACCOUNT")]
    assert prove(kept(tmp_path, made.getvalue()), JPEG, values).is_clean
    assert prove(kept(tmp_path, png()[0]), "image/png", values).is_clean


@pytest.mark.usefixtures("without_reading")
def test_what_formats_are_made_of_is_nobodys_name(tmp_path: Path) -> None:
    made = io.BytesIO()
    docx.Document().save(made)
    values = [Value(one, "PERSON") for one in ("Strong", "Page", "Georgia", "Light", "Latha", "Black")]
    assert prove(kept(tmp_path, made.getvalue()), WORD, values).is_clean
    assert prove(kept(tmp_path, pdf(stream(b"BT ET"))[0]), PDF, values).is_clean


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Margarets Hales", VALUES[0]),
        ("Margaret, who hales", VALUES[0]),
        ("01632 960 1234", VALUES[1]),
        ("a period of grace", VALUES[2]),
        ("a Smithson", Value("Smith", "PERSON")),
        ("Nunez", VALUES[3]),
    ],
)
def test_what_only_looks_like_it_is_no_hit(said: str, value: Value, tmp_path: Path) -> None:
    assert prove(kept(tmp_path, text(said)[0]), TEXT, [value]).is_clean


@pytest.mark.usefixtures("without_reading")
def test_without_a_reader_of_words_pictures_are_said_to_be_unsearched(tmp_path: Path) -> None:
    assert prove(kept(tmp_path, png()[0]), "image/png", VALUES).unsearched == (sight.UNREAD,)


@pytest.mark.usefixtures("without_reading")
def test_a_place_that_a_redactor_leaves_out_is_found(tmp_path: Path) -> None:
    """The redactor is made to overlook one place after the other."""
    source = letter(tmp_path)
    swaps = tuple(Swap(f"Value{number} Planted", f"Customer {number}", "PERSON") for number in range(8))
    values = [Value(swap.words, swap.label) for swap in swaps]
    find = Work.find

    def proved(overlooked: str) -> Proof:
        def half(work: Work, said: str, place: str, *, is_seen: bool = True) -> list[Match]:
            found = find(work, said, place, is_seen=is_seen)
            return [] if overlooked and place.startswith(overlooked) else found

        with patch.object(Work, "find", half):
            target = tmp_path / "made"
            redact_word(source, target, Work(Plan(swaps), redact_inner), WORD)
        return prove(target, WORD, values)

    assert proved("").is_clean
    whole = read_whole(str(source), WORD, str(tmp_path))
    assert isinstance(whole, dict)
    texts = whole["texts"]
    assert isinstance(texts, list)
    places = {str(one[0]) for one in texts if isinstance(one, list) and "Planted" in str(one[1])}
    assert len(places) >= 4
    for place in places:
        assert not proved(place).is_clean, place


def letter(folder: Path) -> Path:
    """A Word letter with a value in its text, header, footer, table, title, comment and alternative text."""
    made = docx.Document()
    first = made.add_paragraph("Dear Value0 Pl")
    first.add_run("anted").bold = True
    made.sections[0].header.paragraphs[0].text = "For Value1 Planted"
    made.sections[0].footer.paragraphs[0].text = "By Value2 Planted"
    made.add_table(1, 1).cell(0, 0).text = "Value3 Planted"
    made.core_properties.title = "Value4 Planted"
    made.add_comment(first.runs[0], text="Ask Value5 Planted", author="x", initials="x")
    shown = made.add_picture(io.BytesIO(png()[0]))
    shown._inline.docPr.set("descr", "Value6 Planted")
    made.save(str(folder / "letter.docx"))
    return folder / "letter.docx"


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files lie beside the project")
@pytest.mark.usefixtures("without_reading")
def test_hostile_files_are_searched_or_not_proved() -> None:
    kinds = {".docx": WORD, ".pdf": PDF, ".eml": MAIL}
    for path in sorted(HOSTILE.rglob("*")):
        if path.is_file():
            with contextlib.suppress(NotProved):
                assert prove(path, kinds.get(path.suffix, "application/octet-stream"), VALUES).size


def test_a_bomb_is_not_proved(tmp_path: Path) -> None:
    """By the size that a member has, and by what all of it comes to."""
    bomb = kept(tmp_path, zipped("a.zip", zipped("b", bytes(3_000_000))))
    with patch.object(members, "MOST_MEMBER", 2_000_000), pytest.raises(NotProved, match="more inside"):
        prove(bomb, "application/zip", VALUES)
    with patch.object(search, "MOST_BYTES", 2_000_000), pytest.raises(NotProved, match="more inside"):
        prove(bomb, "application/zip", VALUES)


@pytest.mark.usefixtures("without_reading")
def test_frames_beyond_the_last_that_is_looked_at_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "_MOST_FRAMES", 2)
    for count in (2, 3):
        page, *others = [Image.new("RGB", (30, 30), "white") for _ in range(count)]
        page.save(tmp_path / "scan", "TIFF", save_all=True, append_images=others)
        assert (sight.NOT_ALL in prove(tmp_path / "scan", "image/tiff", VALUES).unsearched) is (count > 2)
