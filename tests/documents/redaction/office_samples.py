"""Office files in which every place holds words of its own, and what is left of a file once everything is unpacked."""

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from portfolio.documents.redaction.maker import read_whole, redact_into
from portfolio.documents.redaction.plan import Plan, Swap, report_of
from portfolio.documents.redaction.work import Text

SCHEMAS = "http://schemas.openxmlformats.org/"
RELATED = f"{SCHEMAS}officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, SHEETS, SLIDES = (
    f"{OFFICE}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
MS = "http://schemas.microsoft.com/office/"
W = (
    f'xmlns:w="{SCHEMAS}wordprocessingml/2006/main" xmlns:r="{RELATED}" xmlns:a="{SCHEMAS}drawingml/2006/main"'
    f' xmlns:wp="{SCHEMAS}drawingml/2006/wordprocessingDrawing" xmlns:pic="{SCHEMAS}drawingml/2006/picture"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    f' xmlns:mc="{SCHEMAS}markup-compatibility/2006"'
    f' xmlns:wps="{MS}word/2010/wordprocessingShape" xmlns:c="{SCHEMAS}drawingml/2006/chart"'
)
_FIRST = ("Margaret", "Oluwaseun", "Siobhan", "Rajesh", "Agnieszka", "Dafydd", "Xiulan", "Fatima", "Giuseppe", "Ingrid")
_LAST = (
    "Halewick",
    "Brackenby",
    "Thistlewood",
    "Quarrington",
    "Penhallow",
    "Osterley",
    "Wainscott",
    "Lindqvist",
    "Fenwicke",
)


class Planted:
    """Hands out a name for each place, and remembers which."""

    def __init__(self) -> None:
        self.by_place: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        """The name that stands there."""
        number = len(self.by_place)
        if place not in self.by_place:
            self.by_place[place] = f"{_FIRST[number % 10]} {_LAST[number // 10]}"
        return self.by_place[place]

    def plan(self, *more: Swap) -> Plan:
        """All of them replaced."""
        swaps = [Swap(name, f"Customer {number}", "PERSON") for number, name in enumerate(self.by_place.values(), 1)]
        return Plan((*swaps, *more))

    def left_in(self, data: bytes) -> list[str]:
        """The places of which the words can still be found, however they are kept."""
        layers = list(unpacked(data))
        said = [" ".join(re.sub(r"<[^>]*>", "", layer).split()).casefold() for layer in layers]
        raw = [layer.casefold() for layer in layers]
        return [
            place
            for place, name in self.by_place.items()
            for first, last in [name.casefold().split()]
            if any(re.search(rf"{first}[\s._+%20-]*{last}", text) for text in [*said, *raw])
            or any(first + last in text for text in raw)
        ]


def unpacked(data: bytes) -> Iterator[str]:
    """The bytes of a file as text, and those of everything packed into it."""
    yield from (data.decode("latin-1"), data.decode("utf-8", "ignore"), data.decode("utf-16-le", "ignore"))
    for run in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", data):
        yield base64.b64decode(run[: len(run) // 4 * 4]).decode("latin-1")
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield name
                yield from unpacked(package.read(name))


def relationships(*found: tuple[str, str], outside: Mapping[str, str] | None = None) -> str:
    """A part of relationships: kinds and targets, numbered from rId1; those outside by their kind."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind if "://" in kind else f"{RELATED}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found, 1)
    )
    outer = "".join(
        f'<Relationship Id="rOut{number}" Type="{RELATED}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate((outside or {}).items(), 1)
    )
    return f'<Relationships xmlns="{SCHEMAS}package/2006/relationships">{inner}{outer}</Relationships>'


def package(parts: Mapping[str, str | bytes], types: Mapping[str, str]) -> bytes:
    """An Office file of these parts; types by the name of the part."""
    listed = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    head = (
        f'<Types xmlns="{SCHEMAS}package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Default Extension="xlsx" ContentType="{OFFICE}spreadsheetml.sheet"/>'
        f'<Default Extension="vml" ContentType="{OFFICE}vmlDrawing"/>{listed}</Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", head)
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def redacted(data: bytes, plan: Plan, folder: Path, media_type: str = WORD) -> bytes:
    """What comes of a file."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    answer: Any = redact_into(str(target), str(source), media_type, plan.as_json())
    assert "refused" not in answer, answer
    assert report_of(answer).media_type == media_type
    return target.read_bytes()


def read(data: bytes, folder: Path, media_type: str = WORD) -> list[Text]:
    """Every text that a file holds."""
    source = folder / "source"
    source.write_bytes(data)
    answer: Any = read_whole(str(source), media_type, str(folder))
    assert "refused" not in answer, answer
    return [Text(*one) for one in answer["texts"]]
