"""Fields in a template: Word's own, of which page numbers stay, and ours in double braces, whole again wherever Word
has parted them.
"""

import re

from lxml import etree

from portfolio.documents.wordbook.filling import FIELDS, LEARNER_AND_NUMBER
from portfolio.documents.wordtemplate.opening import Opened, W

FIELDS_LEFT = "Word’s own fields other than page numbers became the text that they showed."
FIELD_OPEN = "One of Word’s own fields begins and does not end. Delete it in Word, and put it in again."
_COUNTED = re.compile(r"\s*(PAGE|NUMPAGES)\b", re.IGNORECASE)
_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_SPACES = re.compile(r"[\s_]+")
_RUN, _TEXT, _PARAGRAPH = f"{{{W}}}r", f"{{{W}}}t", f"{{{W}}}p"
_SIMPLE, _INSTRUCTION = f"{{{W}}}fldSimple", f"{{{W}}}instr"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class _Field:
    """A field of Word's that has begun and not ended yet."""

    def __init__(self, first: etree._Element) -> None:
        self.first = first
        self.code = ""
        self.is_told = False
        self.shown: list[etree._Element] = []


def settle_words_own(root: etree._Element, opened: Opened) -> None:
    """Leave only page numbers of Word's own fields, each as one element; all others as the text that they show."""
    for simple in list(root.iter(_SIMPLE)):
        kind = _COUNTED.match(simple.get(_INSTRUCTION) or "")
        if kind:
            _put_number(simple, kind[1], simple.find(_RUN))
        else:
            opened.note(FIELDS_LEFT)
    begun: list[_Field] = []
    for run in list(root.iter(_RUN)):
        for child in list(run):
            _take(str(child.tag).removeprefix(f"{{{W}}}"), child, run, begun, opened)
    if begun:
        opened.fault(FIELD_OPEN)


def _take(name: str, child: etree._Element, run: etree._Element, begun: list[_Field], opened: Opened) -> None:
    kind = child.get(f"{{{W}}}fldCharType") if name == "fldChar" else ""
    if kind == "begin":
        begun.append(_Field(run))
    elif kind == "separate" and begun:
        begun[-1].is_told = True
    elif kind == "end" and begun:
        _close(begun.pop(), opened)
    elif begun and name == "instrText":
        begun[-1].code += child.text or ""
    elif begun and name != "rPr":
        if all(one.is_told for one in begun):
            for one in begun:
                one.shown.append(child)
            return
    else:
        return
    if name != "rPr":
        run.remove(child)


def _close(field: _Field, opened: Opened) -> None:
    counted = _COUNTED.match(field.code)
    if counted is None:
        opened.note(FIELDS_LEFT)
        return
    for shown in field.shown:
        holder = shown.getparent()
        if holder is not None:
            holder.remove(shown)
    number = etree.Element(_SIMPLE)
    _put_number(number, counted[1], field.first)
    field.first.addnext(number)


def _put_number(simple: etree._Element, kind: str, like: etree._Element | None) -> None:
    """A number of a page or of all pages, looking like a run."""
    look = like.find(f"{{{W}}}rPr") if like is not None else None
    kept = None if look is None else etree.fromstring(etree.tostring(look))
    simple.clear()
    simple.set(_INSTRUCTION, f" {kind.upper()} ")
    run = etree.SubElement(simple, _RUN)
    if kept is not None:
        run.append(kept)
    etree.SubElement(run, _TEXT).text = "2"


def settle_ours(root: etree._Element, opened: Opened) -> set[str]:
    """Put each of our fields into one piece of text, under its plain name. Answers which there are."""
    found: set[str] = set()
    for paragraph in root.iter(_PARAGRAPH):
        texts = [text for run in paragraph.findall(_RUN) for text in run.findall(_TEXT)]
        while (place := _next_place(texts, found, opened)) is not None:
            _join(texts, *place)
        for text in texts:
            text.set(_SPACE, "preserve")
    return found


def _next_place(texts: list[etree._Element], found: set[str], opened: Opened) -> tuple[int, int, str] | None:
    """The next field that is not settled yet: where it begins and ends in the paragraph, and how it is to be written;
    faults are named in passing.
    """
    said = "".join(text.text or "" for text in texts)
    at = 0
    starts = _starts(texts)
    for match in _PLACE.finditer(said):
        name = _SPACES.sub(" ", match[1]).strip().lower()
        if name not in FIELDS and name != LEARNER_AND_NUMBER:
            opened.fault(f"There is no field called “{_plain(match[1])}”.")
        else:
            found.add(name)
            written = f"{{{{{name}}}}}"
            is_one = any(start <= match.start() and match.end() <= end for start, end in starts)
            if match[0] != written or not is_one:
                return match.start(), match.end(), written
        at = match.end()
    if "{{" in _PLACE.sub("", said):
        opened.fault(f"Two braces are opened and not closed in “{_plain(said[at:].strip())}”.")
    return None


def _starts(texts: list[etree._Element]) -> list[tuple[int, int]]:
    spans, at = [], 0
    for text in texts:
        spans.append((at, at + len(text.text or "")))
        at = spans[-1][1]
    return spans


def _join(texts: list[etree._Element], start: int, end: int, written: str) -> None:
    """Write what stands from start to end into the first piece of text that it touches."""
    is_put = False
    for text, (first, last) in zip(texts, _starts(texts), strict=True):
        if last <= start or first >= end:
            continue
        said = text.text or ""
        before, after = said[: max(0, start - first)], said[max(0, end - first) :] if last > end else ""
        text.text = before + ("" if is_put else written) + after
        is_put = True


def _plain(words: str) -> str:
    """Words of a template as they can stand in a sentence of ours."""
    return " ".join(words.replace("{", " ").replace("}", " ").split())[:60]
