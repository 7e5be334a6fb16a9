"""A customer who is nobody, for a portfolio: in files of every kind, in their names, and in what is said."""

import io
import re
import wave
import zipfile
from email.message import EmailMessage
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image, ImageDraw, ImageFont

from portfolio.documents.redaction.plan import Box
from portfolio.documents.sniff import inspect
from portfolio.installation import Installation
from portfolio.storage.arriving import Upload
from tests.cast import arrived
from tests.documents import outlook, samples
from tests.evidence.breaches import NAME as ON_RECORD

FIRST, LAST = "Drusilla", "Thistlewick"
PERSON = f"{FIRST} {LAST}"
PHONE, MAIL, ACCOUNT = "01632 960746", "drusilla.thistlewick@mailbox.example", "LW-8842-1937"
STREET = "27 Gossamer Row"
WORDS = (FIRST, LAST, ON_RECORD, "960746", "960 746", "8842-1937", "88421937", "Gossamer")
"""What may stand nowhere any more, in whatever capitals."""
SAID = f"Mrs {PERSON} rang from {STREET}, on {PHONE}, and wrote from {MAIL}. Her account is {ACCOUNT}. I rang back."
LABEL = Box(1, 0.0, 0.0, 1.0, 0.5)
"""Where her name stands on the pictures."""
_GPS, _MAKER = 0x8825, 0x010E


def files() -> dict[str, bytes]:
    """A file of every kind by its name, which names her too."""
    return {
        f"{LAST} note.txt": SAID.encode(),
        f"{LAST} account.md": f"# {PERSON}\n\n{SAID}\n\n[Mail](mailto:{MAIL})\n".encode(),
        f"{LAST} log.csv": f"Customer,Phone,Account\n{PERSON},{PHONE},{ACCOUNT}\n".encode(),
        f"{LAST} memo.rtf": rf"{{\rtf1\ansi\deff0 {SAID}\par}}".encode(),
        f"{LAST} letter.docx": _letter(),
        f"{LAST} talk.pptx": _talk(),
        f"{LAST} readings.xlsx": _sheet(),
        f"{LAST} record.pdf": _pdf(),
        f"{LAST} complaint.eml": _mail(),
        f"{LAST} reply.msg": outlook.message(f"Reply to {PERSON}", SAID, {f"{LAST}.txt": SAID.encode()}),
        f"{LAST} gauge.jpg": _photo(),
        f"{LAST} screen.png": _picture("PNG"),
        f"{LAST} call.wav": _call(),
    }


def upload_of(installation: Installation, name: str, content: bytes) -> Upload:
    """A file as it arrives."""
    there = arrived(installation, content)
    return Upload(there, name, inspect(there.path, name).media_type)


def _letter() -> bytes:
    document = Document()
    document.core_properties.author, document.core_properties.subject = PERSON, ACCOUNT
    document.sections[0].header.paragraphs[0].text = f"Case of {PERSON}"
    document.sections[0].footer.paragraphs[0].text = STREET
    paragraph = document.add_paragraph(f"Dear Mrs {LAST[:4]}")
    paragraph.add_run(LAST[4:]).bold = True
    document.add_paragraph(SAID)
    document.add_comment(paragraph.runs, text=f"Ring {PHONE} first.", author=PERSON, initials="DT")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _talk() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.slides())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).replace(b"Handling complaints", f"The case of {PERSON}".encode())
            new.writestr(name, data.replace(b"Say this slowly", SAID.encode()))
    return out.getvalue()


def _sheet() -> bytes:
    book = Workbook()
    book.properties.creator = PERSON
    shown = book.create_sheet("Readings", 0)
    shown.append(["Customer", "Account"])
    shown.append([PERSON, ACCOUNT])
    shown["A2"].comment = Comment(f"Ring {PHONE}.", PERSON)
    hidden = book.create_sheet(LAST)
    hidden.append([SAID])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    """A page by hand: its words stand in a stream, and its writer in the properties."""
    lines = " ".join(f"({line}) Tj 0 -20 Td" for line in re.split(r"(?<=[,.]) ", SAID))
    stream = f"BT /F1 12 Tf 60 760 Td {lines} ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Author({PERSON})/Title(Record {ACCOUNT})>>".encode(),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)
    return bytes(out)


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"{PERSON} <{MAIL}>", "desk@larkfieldwater.example"
    message["Subject"], message["X-Account"] = f"From {PERSON}, {STREET}", ACCOUNT
    message.set_content(SAID)
    message.add_alternative(f"<p>{SAID}</p><!-- {PERSON} -->", subtype="html")
    message.add_attachment(_letter(), maintype="application", subtype="octet-stream", filename=f"{LAST}.docx")
    return bytes(message)


def _picture(kind: str, **options: object) -> bytes:
    image = Image.new("RGB", (900, 300), "white")
    drawing = ImageDraw.Draw(image)
    drawing.text((30, 30), f"{PERSON}, {ACCOUNT}", fill="black", font=ImageFont.load_default(40))
    drawing.rectangle((30, 180, 300, 280), fill="navy")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _photo() -> bytes:
    exif = Image.Exif()
    exif[_MAKER] = f"Gauge of {PERSON}"
    exif.get_ifd(_GPS).update({1: "N", 2: (53.0, 47.0, 30.0), 3: "W", 4: (1.0, 32.0, 11.0)})
    return _picture("JPEG", exif=exif, quality=80)


def _call() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 8000, "NONE", ""))
        sound.writeframes(
            b"".join((4000 if at // 20 % 2 else -4000).to_bytes(2, "little", signed=True) for at in range(8000))
        )
    said = f"Call with {PERSON}, {PHONE}\0".encode()
    said += b"\0" * (len(said) % 2)
    chunk = b"INFOINAM" + len(said).to_bytes(4, "little") + said
    whole = out.getvalue() + b"LIST" + len(chunk).to_bytes(4, "little") + chunk
    return whole[:4] + (len(whole) - 8).to_bytes(4, "little") + whole[8:]


def found_in(data: bytes) -> set[str]:
    """Which words stand in some bytes, in UTF-8 or UTF-16, in whatever capitals, also in members of an archive."""
    folded = data.lower()
    found = {
        word
        for word in WORDS
        if any(word.lower().encode(code) in folded for code in ("utf-8", "utf-16-le", "utf-16-be"))
    }
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found |= found_in(name.encode()) | found_in(archive.read(name))
    return found


def found_under(folder: Path) -> dict[str, set[str]]:
    """Which of the words stand in files of a folder or in their names, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (words := found_in(path.name.encode()) | found_in(path.read_bytes())):
            found[str(path.relative_to(folder))] = words
    return found
