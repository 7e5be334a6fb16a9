"""Files of every kind that learners hand in, of a usual size, each unlike the others."""

import io
from collections.abc import Callable
from email.message import EmailMessage
from random import Random

import docx
import openpyxl
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from tests.documents import samples

_WORDS = ("customer", "complaint", "record", "policy", "reply", "escalate", "data", "channel", "system", "satisfied")


def _text(dice: Random, words: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(words)).capitalize() + "."


def _picture(number: int, kind: str, size: tuple[int, int]) -> bytes:
    dice, image = Random(number), Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(600):
        left, top = dice.randrange(size[0]), dice.randrange(size[1])
        colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
        pen.ellipse((left, top, left + dice.randrange(10, 300), top + dice.randrange(10, 300)), fill=colour)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _photo(number: int) -> bytes:
    return _picture(number, "JPEG", (2400, 1800))


def _screen(number: int) -> bytes:
    return _picture(number, "PNG", (1280, 800))


def _letter(number: int) -> bytes:
    dice, document = Random(number), docx.Document()
    for chapter in range(4):
        document.add_heading(f"Letter {number}, part {chapter}", 1)
        for _ in range(8):
            document.add_paragraph(_text(dice, 60))
    table = document.add_table(8, 4)
    for cell in table._cells:
        cell.text = _text(dice, 3)
    document.add_picture(io.BytesIO(_picture(number, "JPEG", (1200, 900))))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _record(number: int, pages: int = 8) -> bytes:
    dice, out = Random(number), io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    for page in range(pages):
        sheet.drawString(72, 790, f"Record {number}, page {page + 1}")
        for line in range(45):
            sheet.drawString(72, 760 - 15 * line, _text(dice, 11))
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def _log(number: int) -> bytes:
    dice, book = Random(number), openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(150):
        sheet.append([row, number, *(_text(dice, 2) for _ in range(6))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _list(number: int) -> bytes:
    dice = Random(number)
    return "\n".join(f"{number},{row},{_text(dice, 3)},{_text(dice, 3)}" for row in range(150)).encode()


def _mail(number: int) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "desk@example.org", f"Parcel {number}"
    message.set_content(_text(Random(number), 200))
    message.add_attachment(_record(number, 2), maintype="application", subtype="pdf", filename="order.pdf")
    return message.as_bytes()


def _note(number: int) -> bytes:
    dice = Random(number)
    return f"# Note {number}\n\n".encode() + "\n\n".join(_text(dice, 60) for _ in range(20)).encode()


def _memo(number: int) -> bytes:
    return rb"{\rtf1\ansi " + _text(Random(number), 400).encode() + rb"\par}"


def _call(number: int) -> bytes:
    return samples.sound(10 + number % 7)


KINDS: tuple[tuple[str, str, Callable[[int], bytes]], ...] = (
    ("letter.docx", samples.WORD, _letter),
    ("record.pdf", "application/pdf", _record),
    ("photo.jpg", "image/jpeg", _photo),
    ("note.md", "text/markdown", _note),
    ("log.xlsx", samples.SHEET, _log),
    ("screen.png", "image/png", _screen),
    ("mail.eml", "message/rfc822", _mail),
    ("note.txt", "text/plain", _note),
    ("list.csv", "text/csv", _list),
    ("talk.pptx", samples.SLIDES, lambda _number: samples.slides()),
    ("memo.rtf", "application/rtf", _memo),
    ("call.wav", "audio/wav", _call),
)
"""By name and media type, what makes the one with this number."""
