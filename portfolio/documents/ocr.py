"""Words in pictures, and where each of them stands, by whichever engine is installed. Nothing leaves this machine.

Runs on hostile input: call it in a child process. Places are fractions of the picture as it was given.
"""

import io
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import Any

from PIL import Image

from portfolio.documents import engines
from portfolio.documents.pictures import flat

LEAST_SIDE = 24
"""Smaller pictures are dots and lines, in which nothing is written."""
_SMALL, _LARGE = 1_800, 4_000
_SECONDS = 60
_SURE = 25.0
_SURE_AT_ALL, _SURE_ENOUGH = 0.5, 0.75
_COLUMNS = 12
_UPRIGHT, _ANY_WAY = "3", "1"
"""Ways in which tesseract looks at a page: as it is, or with its turn found first."""
_TALL = 1.5
_GLUED = re.compile(r"(?<=[a-z]{3})(?=[A-Z])")


class NotRead(Exception):
    """No engine is installed, or the one that is could not read the picture."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a picture and where it stands, 0 to 1 from the left and the top; `line` counts the lines from 0."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int


def words_in(picture: Image.Image, *, any_way: bool = True) -> list[Word]:
    """The words in the order in which they are read; none for a picture without. Raises NotRead.

    `any_way`: it may lie on its side or its head, which takes longer to find out.
    """
    engine = engines.ocr()
    if engine is None:
        raise NotRead
    if min(picture.size) < LEAST_SIDE:
        return []
    sized = _sized(flat(picture))
    best, sure = _read(sized, engine, any_way=any_way)
    if not any_way or not best or sure >= _SURE_ENOUGH:
        return best
    for turn, back in _TURNS:
        words, this = _read(sized.transpose(turn), engine, any_way=False)
        if words and this > sure:
            best, sure = [back(word) for word in words], this
    return best


def lines_of(words: Iterable[Word]) -> list[str]:
    """The words as lines of text."""
    return [" ".join(word.text for word in line) for _number, line in groupby(words, key=lambda word: word.line)]


def _sized(picture: Image.Image) -> Image.Image:
    """Small letters are read better when they are larger, and large pictures no better than smaller ones."""
    longest = max(picture.size)
    if longest > _LARGE:
        picture.thumbnail((_LARGE, _LARGE), Image.Resampling.LANCZOS)
    elif longest < _SMALL:
        return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    return picture


def _read(picture: Image.Image, engine: engines.Engine, *, any_way: bool) -> tuple[list[Word], float]:
    """The words, and how sure of them the engine is, 0 to 1."""
    if not engine.program:
        return _of_rapidocr(picture)
    way = _ANY_WAY if any_way and engines.has_turns(engine) else _UPRIGHT
    return _of_tesseract(picture, engine.program, way)


def _of_tesseract(picture: Image.Image, program: str, way: str) -> tuple[list[Word], float]:
    output = io.BytesIO()
    picture.save(output, "PPM")
    command = [program, "stdin", "stdout", "-l", engines.LANGUAGE, "--dpi", "200", "--psm", way, "tsv"]
    try:
        run = subprocess.run(
            command,
            input=output.getvalue(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
            env=engines.limited_environment(),
        )
    except (OSError, subprocess.SubprocessError) as trouble:
        raise NotRead from trouble
    width, height = picture.size
    words: list[Word] = []
    sure = 0.0
    line, last = -1, ""
    for row in run.stdout.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < _COLUMNS or not _is_word(cells[11], cells[10]):
            continue
        here = " ".join(cells[1:5])
        line, last = line + (here != last), here
        sure += float(cells[10]) / 100
        left, top, wide, high = (int(cell) for cell in cells[6:10])
        words.append(
            Word(cells[11].strip(), left / width, top / height, (left + wide) / width, (top + high) / height, line)
        )
    return words, sure / max(1, len(words))


def _is_word(text: str, sure: str) -> bool:
    return any(sign.isalnum() for sign in text) and float(sure) >= _SURE


@cache
def _reader() -> Any:
    return import_module("rapidocr").RapidOCR(params={"Global.log_level": "critical"})


def _of_rapidocr(picture: Image.Image) -> tuple[list[Word], float]:
    pixels = import_module("numpy").asarray(picture.convert("RGB"))[:, :, ::-1]
    try:
        found = _reader()(pixels, use_cls=False)
    except Exception as trouble:
        raise NotRead from trouble
    if found.boxes is None or found.txts is None or found.scores is None:
        return [], 0.0
    words: list[Word] = []
    for line, (corners, text, sure) in enumerate(zip(found.boxes, found.txts, found.scores, strict=True)):
        if float(sure) >= _SURE_AT_ALL:
            words += _along(corners, str(text), line, picture.size)
    return words, sum(map(float, found.scores)) / len(found.scores)


def _from_left(word: Word) -> Word:
    return Word(word.text, 1 - word.bottom, word.left, 1 - word.top, word.right, word.line)


def _from_below(word: Word) -> Word:
    return Word(word.text, 1 - word.right, 1 - word.bottom, 1 - word.left, 1 - word.top, word.line)


def _from_right(word: Word) -> Word:
    return Word(word.text, word.top, 1 - word.right, word.bottom, 1 - word.left, word.line)


_TURNS = (
    (Image.Transpose.ROTATE_90, _from_left),
    (Image.Transpose.ROTATE_270, _from_right),
    (Image.Transpose.ROTATE_180, _from_below),
)
"""A turn, and where a word that was read then stands in the picture as it was."""


def _along(corners: Sequence[Sequence[float]], text: str, line: int, size: tuple[int, int]) -> list[Word]:
    """The words of a line whose four corners are known, each by its share of the signs; the engine misses spaces."""
    text = _GLUED.sub(" ", text)
    start, end, below = corners[0], corners[1], corners[3]
    if abs(below[1] - start[1]) > _TALL * abs(end[0] - start[0]):  # the engine turns such a line to read it
        end, below = below, end
    down = (below[0] - start[0], below[1] - start[1])
    words: list[Word] = []
    at = 0
    for part in text.split(" "):
        if part:
            ends = [(at - 0.5) / len(text), (at + len(part) + 0.5) / len(text)]
            points = [
                (start[0] + (end[0] - start[0]) * share + x, start[1] + (end[1] - start[1]) * share + y)
                for share in (max(0.0, ends[0]), min(1.0, ends[1]))
                for x, y in ((0.0, 0.0), down)
            ]
            across = [min(1.0, max(0.0, float(x) / size[0])) for x, _y in points]
            along = [min(1.0, max(0.0, float(y) / size[1])) for _x, y in points]
            words.append(Word(part, min(across), min(along), max(across), max(along), line))
        at += len(part) + 1
    return words
