"""A PDF put together anew: each page a picture, and over it the words that remain, unseen but found and copied.

The letters of that layer come from a font that draws nothing, so any script can be written with it.
"""

import io
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageChops

from portfolio.documents.redaction.marking import Piece

_QUALITY = 84
_MOST_COLOURS = 256
_MOSTLY_PAPER = 0.6
_MOST_CODES = 65_000
_PER_BLOCK = 100
_BASE = 0.22
"""How far above the foot of a word its letters stand."""


class PageWriter:
    """`add` each page, `attach` and `outline` what goes along, then `save`."""

    def __init__(self) -> None:
        self._pdf = Pdf.new()
        self._codes: dict[str, int] = {" ": 1}
        self._font = self._pdf.make_indirect(Dictionary(Type=Name.Font))
        self._names: set[str] = set()

    def add(self, picture: Image.Image, width: float, height: float, pieces: Iterable[Piece]) -> None:
        """A page of this size in points."""
        drawing = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /P Do Q\n".encode()
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, round(width, 3), round(height, 3)],
            Resources=Dictionary(XObject=Dictionary(P=self._picture(picture)), Font=Dictionary(F=self._font)),
            Contents=Stream(self._pdf, drawing + self._words(pieces, width, height)),
        )
        self._pdf.pages.append(pikepdf.Page(page))

    def attach(self, name: str, data: bytes, media_type: str) -> None:
        """A file that goes along with the document."""
        called, number = name or "Attachment", 1
        while called in self._names:
            number += 1
            called = f"{number} {name}"
        self._names.add(called)
        self._pdf.attachments[called] = pikepdf.AttachedFileSpec(
            self._pdf, data, description="", filename=called, mime_type=media_type, creation_date="", mod_date=""
        )

    def outline(self, entries: Sequence[tuple[int, str, int]]) -> None:
        """What the document is made of: for each part its depth, its title and its page from 0."""
        with self._pdf.open_outline() as outline:
            levels = [outline.root]
            for depth, title, page in entries:
                item = pikepdf.OutlineItem(title, page if page < len(self._pdf.pages) else 0)
                del levels[min(depth, len(levels) - 1) + 1 :]
                levels[-1].append(item)
                levels.append(item.children)

    def save(self, target: Path) -> None:
        """Writes the file; the same pages give the same bytes."""
        self._finish_font()
        self._pdf.save(target, deterministic_id=True, compress_streams=True)

    def _picture(self, picture: Image.Image) -> Stream:
        slim = _slim(picture)
        entries = {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": slim.width,
            "/Height": slim.height,
            "/BitsPerComponent": 8,
        }
        if slim.mode == "RGB" or not _is_drawn(slim):
            entries |= {
                "/ColorSpace": Name.DeviceGray if slim.mode == "L" else Name.DeviceRGB,
                "/Filter": Name.DCTDecode,
            }
            return Stream(self._pdf, _jpeg(slim), entries)
        entries["/Filter"] = Name.FlateDecode
        if slim.mode == "P":
            palette = bytes(slim.getpalette("RGB") or b"")
            entries["/ColorSpace"] = Array(
                [Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)]
            )
        else:
            entries["/ColorSpace"] = Name.DeviceGray
        return Stream(self._pdf, zlib.compress(slim.tobytes(), 6), entries)

    def _words(self, pieces: Iterable[Piece], width: float, height: float) -> bytes:
        """The unseen layer: each word as wide as it was, with a space after it."""
        lines = ["BT 3 Tr"]
        for piece in pieces:
            left, right = piece.rect[0] * width, piece.rect[2] * width
            foot, top = (1 - piece.rect[3]) * height, (1 - piece.rect[1]) * height
            across, along = right - left, top - foot
            size, wide = (along, across) if piece.turn == 0 else (across, along)
            size = max(size, 1.0)
            matrix = {
                0: f"1 0 0 1 {left:.2f} {foot + size * _BASE:.2f}",
                90: f"0 1 -1 0 {right - size * _BASE:.2f} {foot:.2f}",
                270: f"0 -1 1 0 {left + size * _BASE:.2f} {top:.2f}",
            }[piece.turn]
            text = _as_drawn(piece.text)
            codes = "".join(f"{self._code(sign):04x}" for sign in f"{text} ")
            stretch = max(1.0, 100 * wide / (size * max(1, len(text))))
            lines.append(f"/F {size:.2f} Tf {stretch:.2f} Tz {matrix} Tm <{codes}> Tj")
        lines.append("ET\n")
        return "\n".join(lines).encode()

    def _code(self, sign: str) -> int:
        if len(self._codes) >= _MOST_CODES:
            return self._codes.get(sign, 1)
        return self._codes.setdefault(sign, len(self._codes) + 1)

    def _finish_font(self) -> None:
        pdf = self._pdf
        program = _blank_font()
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.Unseen,
            Flags=5,
            FontBBox=[0, -220, 1000, 780],
            ItalicAngle=0,
            Ascent=780,
            Descent=-220,
            CapHeight=780,
            StemV=80,
            FontFile2=Stream(pdf, program, {"/Length1": len(program)}),
        )
        glyphs = Stream(pdf, bytes(2 * (len(self._codes) + 1)))
        letters = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Unseen,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            DW=1000,
            FontDescriptor=pdf.make_indirect(descriptor),
            CIDToGIDMap=glyphs,
        )
        self._font.Subtype = Name.Type0
        self._font.BaseFont = Name.Unseen
        self._font.Encoding = Name("/Identity-H")
        self._font.DescendantFonts = Array([pdf.make_indirect(letters)])
        self._font.ToUnicode = Stream(pdf, _to_unicode(self._codes))


def _slim(picture: Image.Image) -> Image.Image:
    """In grey or few colours where that is all there is."""
    red, green, blue = picture.split()
    if ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(red, blue).getbbox() is None:
        return red
    if picture.getcolors(_MOST_COLOURS) is None:
        return picture
    return picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=_MOST_COLOURS, dither=Image.Dither.NONE)


def _is_drawn(picture: Image.Image) -> bool:
    """Whether it is letters and lines on paper rather than a photo: kept without any loss, it is small then."""
    return picture.mode == "P" or max(picture.histogram()) > _MOSTLY_PAPER * picture.width * picture.height


def _jpeg(picture: Image.Image) -> bytes:
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=_QUALITY)
    return output.getvalue()


def _as_drawn(text: str) -> str:
    """The signs from left to right: readers turn round what is written from right to left."""
    right = sum(unicodedata.bidirectional(sign) in {"R", "AL", "AN"} for sign in text)
    return text[::-1] if right * 2 > len(text) else text


def _to_unicode(codes: dict[str, int]) -> bytes:
    rows = [f"<{code:04x}> <{sign.encode('utf-16-be').hex()}>" for sign, code in codes.items()]
    blocks = [rows[start : start + _PER_BLOCK] for start in range(0, len(rows), _PER_BLOCK)]
    said = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{said}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _blank_font() -> bytes:
    """A TrueType font with one glyph: a line there and back, which covers nothing but is as wide and high as a letter.

    Readers leave out words that have no height.
    """
    glyph = struct.pack(">hhhhhHH2B4h", 1, 0, -220, 1000, 780, 1, 0, 1, 1, 0, 1000, -220, 1000)
    head = struct.pack(
        ">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, -220, 1000, 780, 0, 8, 2, 0, 0
    )
    tables = {
        b"glyf": glyph,
        b"head": head,
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 780, -220, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hh", 1000, 0),
        b"loca": struct.pack(">HH", 0, len(glyph) // 2),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    count = len(tables)
    directory = struct.pack(">IHHHH", 0x10000, count, 64, 2, count * 16 - 64)
    body, at = b"", 12 + 16 * count
    for tag, data in tables.items():
        whole = data + bytes(-len(data) % 4)
        total = sum(struct.unpack(f">{len(whole) // 4}I", whole)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, at + len(body), len(data))
        body += whole
    return directory + body
