"""Word files with fields, as Word writes them."""

import io

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree


def letter(*fields: str) -> bytes:
    """A Word file with these fields, each over the words “click here”."""
    document = Document()
    for told in fields:
        _field(document.add_paragraph("Please "), told)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _field(paragraph: Paragraph, told: str) -> None:
    """As Word writes one, in several runs."""
    _mark(paragraph, "begin")
    for part in (told[: len(told) // 2], told[len(told) // 2 :]):
        etree.SubElement(paragraph.add_run()._r, qn("w:instrText")).text = part
    _mark(paragraph, "separate")
    paragraph.add_run("click here")
    _mark(paragraph, "end")


def _mark(paragraph: Paragraph, kind: str) -> None:
    etree.SubElement(paragraph.add_run()._r, qn("w:fldChar"), {qn("w:fldCharType"): kind})
