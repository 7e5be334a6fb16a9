"""Words of Office parts as people read them: lines joined over the runs that they are made of, with what is to go.

A stand-in takes the place, and so the look, of the first run that its words touch. Words that go on over several
lines, such as an address, are found too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office_package import local, remove
from portfolio.documents.redaction.work import Work

_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SETTINGS = {"pPr", "rPr", "tblPr", "sectPr", "sdtPr", "endParaRPr", "bodyPr", "lstStyle", "prSet"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class Piece:
    """A stretch of a line: the words of one element, or a mark such as a tab that is there or gone."""

    text: str
    element: etree._Element
    is_mark: bool = False


@dataclass(slots=True)
class Line:
    """A paragraph with the stretches that it is made of."""

    pieces: list[Piece]
    is_seen: bool = True

    @property
    def text(self) -> str:
        """As it is read."""
        return "".join(piece.text for piece in self.pieces)


def spread(texts: Sequence[str], marks: Sequence[bool], found: Sequence[Match]) -> list[str | None]:
    """What each stretch says once what was found in all of them together is replaced: None is a mark that goes.

    A stand-in goes to the first stretch of words that it touches, or else takes the place of its first mark.
    """
    out: list[str | None] = list(texts)
    starts = list(accumulate(map(len, texts), initial=0))
    for match in reversed(found):
        begin, end = bisect_right(starts, match.start) - 1, bisect_left(starts, match.end)
        touched = [index for index in range(begin, end) if texts[index]]
        first = next((index for index in touched if not marks[index]), begin)
        for index in touched:
            said = match.swap.stand_in if index == first else ""
            if marks[index]:
                out[index] = said or None
                continue
            before, start = out[index] or "", starts[index]
            behind = before[min(match.end - start, len(texts[index])) :]
            out[index] = before[: max(match.start - start, 0)] + said + behind
    return out


def settle(work: Work, lines: Sequence[Line], place: str) -> None:
    """Show all lines of one part and put the stand-ins where words go."""
    if work.only_reads:
        for line in lines:
            work.find(line.text, place, is_seen=line.is_seen)
        return
    pieces = [piece for line in lines for piece in [*line.pieces, Piece("\n", etree.Element("end"), is_mark=True)]]
    apply(pieces, work.find("".join(piece.text for piece in pieces), place))


def apply(pieces: Sequence[Piece], found: Sequence[Match]) -> None:
    """Put the stand-ins into the stretches of which the words that go are made."""
    if not found:
        return
    told = spread([piece.text for piece in pieces], [piece.is_mark for piece in pieces], found)
    for piece, said in zip(pieces, told, strict=True):
        if said == piece.text:
            continue
        if not piece.is_mark:
            put(piece.element, said or "")
        elif said:
            put(_as_text(piece.element), said)
        else:
            remove(piece.element)


def put(element: etree._Element, text: str) -> None:
    """Let an element say something else; spaces at its ends count."""
    element.text = text or None
    if text != text.strip() and "}t" in str(element.tag) and "/drawingml/" not in str(element.tag):
        element.set(SPACE, "preserve")


def paragraph_lines(root: etree._Element, *, seen: set[etree._Element], is_seen: bool = True) -> list[Line]:
    """A line for each paragraph, in order; those of a text box follow the paragraph that it hangs on.

    Adds the elements whose text stands in a line to `seen`.
    """
    lines = []
    for paragraph in root.iter("{*}p"):
        aloud = [list(_pieces(one)) for one in paragraph.iter("{*}rt")]
        for pieces in filter(None, [list(_pieces(paragraph)), *aloud]):
            seen.update(piece.element for piece in pieces if not piece.is_mark)
            hidden = [piece for piece in pieces if piece.text.strip() and not piece.is_mark]
            lines.append(Line(pieces, is_seen and not (hidden and all(_is_hidden(piece) for piece in hidden))))
    return lines


def _pieces(paragraph: etree._Element) -> Iterator[Piece]:
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = local(element)
        if name == "t":
            yield Piece(element.text or "", element)
        elif name in _MARKS:
            yield Piece(_MARKS[name], element, is_mark=True)
        elif name == "sym":
            yield Piece(_symbol(element), element, is_mark=True)
        elif name not in _SETTINGS and name not in {"p", "rt"}:
            stack += reversed(element)


def field_lines(root: etree._Element, *, seen: set[etree._Element]) -> list[Line]:
    """What the fields of each paragraph are told to do, joined over runs."""
    lines: dict[etree._Element, list[Piece]] = {}
    for element in root.iter("{*}instrText", "{*}delInstrText"):
        above = next((one for one in element.iterancestors() if local(one) == "p"), root)
        lines.setdefault(above, []).append(Piece(element.text or "", element))
        seen.add(element)
    return [Line(pieces, is_seen=False) for pieces in lines.values()]


def run_lines(root: etree._Element, names: Sequence[str], *, seen: set[etree._Element]) -> list[Line]:
    """A line for each element of these names, made of all `t` in it, without how it is said aloud."""
    lines = []
    for holder in root.iter(*(f"{{*}}{name}" for name in names)):
        elements = [one for one in holder.iter("{*}t") if not any(local(up) == "rPh" for up in one.iterancestors())]
        seen.update(elements)
        lines.append(Line([Piece(one.text or "", one) for one in elements]))
    return lines


def _is_hidden(piece: Piece) -> bool:
    run = piece.element.getparent()
    if run is None:
        return False
    hidden = (one for properties in run if local(properties) == "rPr" for one in properties if local(one) == "vanish")
    return any(not any(str(value) in {"0", "false", "off"} for value in one.attrib.values()) for one in hidden)


def _symbol(element: etree._Element) -> str:
    code = next((str(value) for key, value in element.attrib.items() if str(key).endswith("char")), "")
    try:
        number = int(code, 16)
    except ValueError:
        return "\ufffd"
    return chr(number - 0xF000 if 0xF020 <= number <= 0xF0FF else min(number, 0xFFFD))


def _as_text(mark: etree._Element) -> etree._Element:
    """A `t` in the place of a mark."""
    tag = str(mark.tag)
    text = etree.Element(f"{tag[: tag.rindex('}') + 1] if '}' in tag else ''}t")
    mark.addprevious(text)
    remove(mark)
    return text
