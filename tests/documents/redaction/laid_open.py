"""Files with a different name planted in every place, redacted, and laid open to the last byte by other means."""

import base64
import contextlib
import io
import quopri
import re
import zipfile
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from PIL import Image

from portfolio.documents.redaction import maker
from portfolio.documents.redaction.plan import Plan, Report, Swap, report_of
from portfolio.documents.redaction.work import Refused, Text, Work

NAMES = (
    "Avery Brackenridge", "Blythe Cottingham", "Corin Dunstable", "Delphine Eastwick", "Edmund Farthingale",
    "Fenella Garthwaite", "Gideon Hartlebury", "Honor Inglethorpe", "Isadora Jessamine", "Jarvis Kettlewell",
    "Kerenza Lostwithiel", "Lorcan Mossop", "Morwenna Nettlefold", "Nerys Oglethorpe", "Oswin Pennycuick",
    "Perdita Quarrington", "Quentin Ravensdale", "Rowena Stallybrass", "Sorrel Throckmorton", "Tamsin Uppingham",
    "Ursula Venables", "Vivian Wetherby", "Winifred Yarborough", "Yolanda Zouche", "Zachary Applegarth",
    "Bertram Cholmondeley", "Clemency Dalrymple", "Dorian Ecclestone", "Elowen Featherstone", "Ferdinand Gathercole",
)  # fmt: skip


class Planted:
    """`next()` gives a name that stands nowhere else yet."""

    def __init__(self, names: Sequence[str] = NAMES) -> None:
        self._names = list(names)
        self.used: list[str] = []

    def next(self) -> str:
        self.used.append(self._names[len(self.used)])
        return self.used[-1]

    @property
    def swaps(self) -> tuple[Swap, ...]:
        return tuple(Swap(name, f"Person {number}", "PERSON") for number, name in enumerate(self.used, 1))


def redacted(folder: Path, data: bytes, media_type: str, swaps: Sequence[Swap]) -> tuple[bytes, Report]:
    """The result and the report. Raises Refused."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    answer: Any = maker.redact_into(str(target), str(source), media_type, Plan(tuple(swaps)).as_json())
    if "refused" in answer:
        raise Refused(answer["refused"])
    return target.read_bytes(), report_of(answer)


def read(folder: Path, data: bytes, media_type: str) -> list[Text]:
    """Every text that reading comes by. Raises Refused."""
    source = folder / "read"
    source.write_bytes(data)
    work = Work(Plan(), maker.redact_inner, keeps_texts=True)
    maker.redactor_of(media_type)(source, folder / "unused", work, media_type)
    return work.texts


def lacks(folder: Path, data: bytes, media_type: str, names: Sequence[str]) -> list[str]:
    """The names that reading the file does not come by."""
    said = " ".join(text.words for text in read(folder, data, media_type))
    flat = re.sub(r"[\W_]+", " ", said)
    return [name for name in names if name not in flat]


def still_in(data: bytes, names: Sequence[str]) -> list[str]:
    """Every part of a name that is anywhere in the bytes, packed, coded or plain."""
    opened = "\n".join(layers(data)).casefold()
    bare = re.sub(r"[\W_]+", "", opened)
    return [name for name in names for word in name.casefold().split() if word in opened or word in bare]


def layers(data: bytes, depth: int = 0) -> Iterator[str]:
    """The bytes as text in four ways, and whatever is packed in them."""
    yield data.decode("utf-8", "ignore")
    yield data.decode("utf-16-le", "ignore")
    yield data[1:].decode("utf-16-le", "ignore")
    yield quopri.decodestring(data).decode("utf-8", "ignore")
    if depth > 5:
        return
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield "\n".join(package.namelist())
            for name in package.namelist():
                yield from layers(package.read(name), depth + 1)
    for run in re.findall(rb"(?:[A-Za-z0-9+/]{4}\s*){4,}[A-Za-z0-9+/]{0,3}={0,2}", data):
        with contextlib.suppress(ValueError):
            yield from layers(base64.b64decode(run + b"=="), depth + 1)


def picture() -> bytes:
    """A picture without words."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "PNG")
    return made.getvalue()


def parts_of(data: bytes) -> list[Message]:
    """Every part of a mail that is no group, as the standard library reads it."""
    return [part for part in message_from_bytes(data).walk() if not part.is_multipart()]


def content_of(part: Message) -> bytes:
    """What a part holds."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
