"""Word files and presentations: their words as blocks, and the pictures that stand in them, written anew."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Paragraph, Quote, Run, Table, merged, plain
from portfolio.documents.office_parts import main_part, pictures_of, relationships, resolved
from portfolio.documents.preview import Shot
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.preview_pictures import FORMATS, first_frame
from portfolio.documents.sniff import HEAD_BYTES, media_type_of
from portfolio.documents.word_text import word_blocks
from portfolio.documents.xml_parts import Unreadable, parse, part

MAX_SLIDES = 100
MAX_PICTURES = 40
_MAX_PART = 20 * 1000**2
_MAX_CHARACTERS = 20_000
_MAX_LEVEL = 8
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TITLES = {"title", "ctrTitle"}
_ASIDE = {"dt", "ftr", "sldNum", "hdr"}


def word_pieces(bench: Bench, path: Path) -> None:
    """The text, then its pictures. Raises Unreadable, or what zipfile and lxml raise, for an unsound file."""
    bench.add("text", "Text", extract=word_blocks(path))
    with zipfile.ZipFile(path) as package:
        main = main_part(package, "word/document.xml")
        data = part(package, main, _MAX_PART)
        shots = list(_shots(bench, pictures_of(package, main, parse(data)))) if data else []
    for number, shot in enumerate(shots, 1):
        bench.add(f"picture-{number}", f"Picture {number} of {len(shots)} in the text", shots=[shot])


def slide_pieces(bench: Bench, path: Path) -> None:
    """The words, notes and pictures of each slide. Raises Unreadable, or what zipfile and lxml raise."""
    with zipfile.ZipFile(path) as package:
        names = _slide_names(package)
        for number, name in enumerate(names[:MAX_SLIDES], 1):
            try:
                _slide(bench, package, name, number)
            except Full:
                bench.note(f"The first {number - 1} of {len(names)} slides are shown.")
                return
    if len(names) > MAX_SLIDES:
        bench.note(f"The first {MAX_SLIDES} of {len(names)} slides are shown.")
    bench.note("Slides are shown as their words and pictures, without their layout.")


def _shots(bench: Bench, pictures: Iterable[bytes]) -> Iterator[Shot]:
    """Pictures that stand in a file. Those that cannot be shown are counted and said."""
    lost = 0
    for number, data in enumerate(pictures):
        media_type = media_type_of(data[:HEAD_BYTES], "")
        if number >= MAX_PICTURES:
            bench.note(f"The first {MAX_PICTURES} pictures are shown.")
            break
        try:
            if media_type not in FORMATS:
                raise Unreadable
            yield bench.picture(first_frame(bench.workpiece(data), media_type))
        except Full:
            bench.note("Not all pictures are shown.")
            break
        except (Unreadable, OSError, ValueError, SyntaxError):
            lost += 1
    if lost:
        bench.note(f"{lost} {'picture' if lost == 1 else 'pictures'} in it cannot be shown.")


def _slide_names(package: zipfile.ZipFile) -> list[str]:
    main = main_part(package, "ppt/presentation.xml")
    data = part(package, main, _MAX_PART)
    if data is None:
        message = "It has no slides."
        raise Unreadable(message)
    targets = {found.id: found.target for found in relationships(package, main) if found.kind == "slide"}
    wanted = [element.get(_R_ID, "") for element in parse(data).iter("{*}sldId")]
    return [resolved(main, targets[name]) for name in wanted if name in targets]


def _slide(bench: Bench, package: zipfile.ZipFile, name: str, number: int) -> None:
    bench.check_room()
    data = part(package, name, _MAX_PART)
    if data is None:
        bench.add(f"slide-{number}", f"Slide {number}", note="This slide is missing from the file.")
        return
    root = parse(data)
    blocks = list(_blocks(root))
    for found in relationships(package, name):
        notes = part(package, resolved(name, found.target), _MAX_PART) if found.kind == "notesSlide" else None
        blocks += [Quote((Run("Notes: ", bold=True), *runs)) for runs in _notes(parse(notes))] if notes else []
    note = "This slide is hidden in the file." if root.get("show") in {"0", "false"} else ""
    shots = list(_shots(bench, pictures_of(package, name, root)))
    bench.add(f"slide-{number}", f"Slide {number}", shots=shots, extract=Extract(tuple(blocks)), note=note)


def _blocks(root: etree._Element) -> Iterator[Block]:
    """The shapes of a slide in the order in which they lie: titles as headings, placeholders as lists, tables."""
    left = _MAX_CHARACTERS
    for shape in root.iter("{*}txBody", f"{_A}tbl"):
        if left <= 0:
            return
        if shape.tag == f"{_A}tbl":
            table = Table(tuple(tuple(_cell(cell) for cell in row.iter(f"{_A}tc")) for row in shape.iter(f"{_A}tr")))
            left -= sum(len(run.text) for row in table.rows for cell in row for run in cell)
            yield table
        elif not any(ancestor.tag == f"{_A}tc" for ancestor in shape.iterancestors()):
            role = _role(shape)
            for level, runs in _paragraphs(shape):
                left -= sum(len(run.text) for run in runs)
                if role in _TITLES:
                    yield Heading(1, runs)
                elif role is None:
                    yield Paragraph(runs)
                elif role not in _ASIDE:
                    yield ListItem(runs, level)


def _role(body: etree._Element) -> str | None:
    """The placeholder that a shape fills; None for one that fills none."""
    shape = body.getparent()
    found = None if shape is None else next(shape.iter("{*}ph"), None)
    return None if found is None else found.get("type", "body")


def _notes(root: etree._Element) -> Iterator[tuple[Run, ...]]:
    for body in root.iter("{*}txBody"):
        if _role(body) == "body":
            for _level, runs in _paragraphs(body):
                yield runs


def _paragraphs(body: etree._Element) -> Iterator[tuple[int, tuple[Run, ...]]]:
    for paragraph in body.iter(f"{_A}p"):
        properties = paragraph.find(f"{_A}pPr")
        level = properties.get("lvl", "0") if properties is not None else "0"
        runs = merged(_runs(paragraph))
        if any(run.text.strip() for run in runs):
            yield (min(int(level), _MAX_LEVEL) if level.isdecimal() and len(level) < 3 else 0), runs


def _runs(paragraph: etree._Element) -> Iterator[Run]:
    for element in paragraph.iter(f"{_A}t", f"{_A}br"):
        yield Run("\n" if element.tag == f"{_A}br" else (element.text or ""))


def _cell(cell: etree._Element) -> tuple[Run, ...]:
    lines = ["".join(run.text for run in runs) for _level, runs in _paragraphs(cell)]
    return plain("\n".join(lines))
