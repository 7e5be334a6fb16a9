"""The numbers of pages in the contents of a book that was laid out: filled in without writing the book anew."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

_BODY = "word/document.xml"
_CHUNK = 1 << 20
_CONTENTS_END = b"</w:sdtContent>"
_NOTE = re.compile(rb'<w:p><w:pPr><w:pStyle w:val="Small"/></w:pPr>(?:(?!</w:p>).)*press F9\.(?:(?!</w:p>).)*</w:p>')
_LINE = re.compile(
    rb'(<w:instrText xml:space="preserve"> PAGEREF ([A-Za-z0-9_]+) \\h </w:instrText></w:r>'
    rb'<w:r><w:fldChar w:fldCharType="separate"/></w:r>)(?=<w:r><w:fldChar w:fldCharType="end"/>)'
)


def listed(book: Path) -> list[str]:
    """The bookmarks that the contents of a book lead to, in order."""
    with zipfile.ZipFile(book) as package, package.open(_BODY) as body:
        return [name.decode() for _line, name in _LINE.findall(_contents(body)[0])]


def with_pages(book: Path, target: Path, pages: Mapping[str, int]) -> None:
    """Write the book with its numbers of pages, and without the sentence on how to have them filled in. All else stays
    as it is, byte by byte.
    """
    with zipfile.ZipFile(book) as package, zipfile.ZipFile(target, "w") as made:
        for member in package.infolist():
            with package.open(member) as source, made.open(member, "w") as out:
                if member.filename == _BODY:
                    contents, rest = _contents(source)
                    out.write(_filled(contents, pages))
                    out.write(_NOTE.sub(b"", rest, count=1))
                for piece in _pieces(source):
                    out.write(piece)


def _contents(body: IO[bytes]) -> tuple[bytes, bytes]:
    """The body up to the end of the contents, and what was read beyond."""
    read = b""
    while _CONTENTS_END not in read and (piece := body.read(_CHUNK)):
        read += piece
    read += body.read(_CHUNK)
    end = read.find(_CONTENTS_END) + len(_CONTENTS_END)
    return read[:end], read[end:]


def _filled(contents: bytes, pages: Mapping[str, int]) -> bytes:
    def line(found: re.Match[bytes]) -> bytes:
        page = pages.get(found[2].decode())
        return found[1] + (f"<w:r><w:t>{page}</w:t></w:r>".encode() if page else b"")

    return _LINE.sub(line, contents)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_CHUNK):
        yield piece
