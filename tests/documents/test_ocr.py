"""Words in pictures: where they stand, whichever way up, and what happens when an engine fails."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from portfolio.documents import engines, ocr
from portfolio.documents.engines import Engine
from portfolio.documents.ocr import NotRead, Word
from tests.documents.redaction.paper import needs_ocr, written

LINES = ("Complaint about a bill", "Margaret Halewick, Leeds", "Nothing else is written here")


def at(words: list[Word], text: str) -> Word:
    (found,) = [word for word in words if text in word.text]
    return found


@pytest.mark.ocr
@needs_ocr
def test_words_are_found_where_they_stand() -> None:
    words = ocr.words_in(written(*LINES))
    assert ocr.lines_of(words) == list(LINES)
    word = at(words, "Halewick")
    assert word.line == 1
    assert 0.2 < word.left < 0.3 < word.right < 0.5
    assert 0.3 < word.top < 0.36 < word.bottom < 0.45


@pytest.mark.ocr
@needs_ocr
@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180])
def test_a_picture_that_lies_on_its_side_is_read(turn: Image.Transpose) -> None:
    page = written(*LINES * 2, size=(800, 600)).transpose(turn)
    word = ocr.words_in(page)[0]
    assert word.text == "Complaint"
    assert (word.bottom - word.top > word.right - word.left) is (turn is Image.Transpose.ROTATE_90)
    assert word.bottom > 0.8


@pytest.mark.ocr
@needs_ocr
def test_a_picture_without_words_has_none() -> None:
    assert ocr.words_in(Image.new("RGB", (300, 200), "navy")) == []


def test_specks_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ocr", lambda: Engine("tesseract", "5", "/nowhere"))
    assert ocr.words_in(Image.new("RGB", (300, ocr.LEAST_SIDE - 1))) == []


def test_without_an_engine_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ocr", lambda: None)
    with pytest.raises(NotRead):
        ocr.words_in(written(*LINES))


@pytest.mark.parametrize("script", ["exit 1", "exec sleep 9"])
def test_an_engine_that_fails_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(engines, "ocr", lambda: Engine("tesseract", "5", str(program)))
    monkeypatch.setattr(ocr, "_SECONDS", 1)
    with pytest.raises(NotRead):
        ocr.words_in(written(*LINES), any_way=False)


class Pixels:
    """Stands in for an array of numbers."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture

    def __getitem__(self, key: object) -> Image.Image:
        return self.picture


@pytest.fixture
def second_engine(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The engine that is a package: it answers what is put into the list, one after the other."""
    answers: list[Any] = []

    class Reads:
        def __init__(self, params: dict[str, str]) -> None:
            assert params

        def __call__(self, pixels: object, *, use_cls: bool) -> Any:
            answer = answers.pop(0)
            if answer is None:
                raise RuntimeError
            return answer

    rapid, numbers = ModuleType("rapidocr"), ModuleType("numpy")
    monkeypatch.setattr(rapid, "RapidOCR", Reads, raising=False)
    monkeypatch.setattr(numbers, "asarray", Pixels, raising=False)
    monkeypatch.setitem(sys.modules, "rapidocr", rapid)
    monkeypatch.setitem(sys.modules, "numpy", numbers)
    monkeypatch.setattr(engines, "ocr", lambda: Engine("rapidocr", "3"))
    ocr._reader.cache_clear()
    return answers


def line(text: str, sure: float, *corners: tuple[int, int]) -> SimpleNamespace:
    return SimpleNamespace(boxes=[corners], txts=[text], scores=[sure])


def test_the_words_of_a_line_get_their_shares_of_it(second_engine: list[Any]) -> None:
    second_engine.append(line("Dear Mr Halewick", 0.99, (200, 100), (1000, 100), (1000, 140), (200, 140)))
    words = ocr.words_in(Image.new("RGB", (2000, 1000)))
    assert [word.text for word in words] == ["Dear", "Mr", "Halewick"]
    assert (words[0].left, words[2].right, words[0].top, words[0].bottom) == (0.1, 0.5, 0.1, 0.14)
    assert words[1].left > 0.2
    assert words[2].left < 0.305


def test_words_that_the_engine_glued_together_are_two(second_engine: list[Any]) -> None:
    second_engine.append(line("MrsMargaretHalewick, McDonald", 0.99, (0, 0), (900, 0), (900, 40), (0, 40)))
    words = ocr.words_in(Image.new("RGB", (2000, 1000)))
    assert [word.text for word in words] == ["MrsMargaret", "Halewick,", "McDonald"]


def test_a_picture_that_is_badly_read_is_turned(second_engine: list[Any]) -> None:
    nothing = SimpleNamespace(boxes=None, txts=None, scores=None)
    upright = line("Halewick", 0.98, (200, 100), (600, 100), (600, 200), (200, 200))
    badly = line("xx", 0.6, (0, 0), (10, 0), (10, 9), (0, 9))
    second_engine += [badly, nothing, upright, nothing]
    (word,) = ocr.words_in(Image.new("RGB", (1000, 2000)))
    assert word.text == "Halewick"
    assert [round(side, 6) for side in (word.left, word.top, word.right, word.bottom)] == [0.1, 0.7, 0.2, 0.9]


def test_no_words_at_all_are_not_looked_for_again(second_engine: list[Any]) -> None:
    second_engine.append(SimpleNamespace(boxes=None, txts=None, scores=None))
    assert ocr.words_in(Image.new("RGB", (2000, 1000))) == []


def test_the_second_engine_may_fail(second_engine: list[Any]) -> None:
    second_engine.append(None)
    with pytest.raises(NotRead):
        ocr.words_in(Image.new("RGB", (2000, 1000)))
