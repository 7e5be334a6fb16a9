"""Zip archives, office files among them: every member, the names, what is noted beside them, and what lies between."""

import io
import re
import zipfile
import zlib

from portfolio.documents.proof.search import Damaged, Search, Undone

MOST_MEMBER = 600 * 1000**2
_LOCKED = "Part of the result is locked with a password, so it cannot be searched."
_DAMAGED = "The result holds an archive that is damaged, so it cannot be searched."
_TOO_MUCH = "There is more inside the result than can be searched through."
_PLACES = (
    (r"word/document", "Text"), (r"word/header", "Header"), (r"word/footer", "Footer"),
    (r"word/footnotes", "Footnotes"), (r"word/endnotes", "Endnotes"),
    (r"/(?:threaded)?comments|commentAuthors", "Comments"), (r"/persons?/|people", "Names of people"),
    (r"glossary/", "Building blocks"), (r"docProps/custom", "Custom properties"), (r"docProps/", "Properties"),
    (r"customXml/", "Data kept beside the text"), (r"/settings", "Settings"), (r"/styles", "Styles"),
    (r"/fontTable|/fonts?/", "Fonts"), (r"/theme/", "Design"), (r"/numbering", "Lists"), (r"/media/", "Picture"),
    (r"/embeddings/", "File inside"), (r"/charts?/", "Chart"), (r"/diagrams/", "Diagram"), (r"/drawings?/", "Drawing"),
    (r"sharedStrings", "Cells"), (r"/worksheets/", "Sheet"), (r"/chartsheets/", "Sheet"), (r"xl/workbook", "Workbook"),
    (r"/tables/", "Table"), (r"/pivot", "Pivot table"), (r"/externalLinks/", "Links to other files"),
    (r"/connections|/queryTables", "Connections"), (r"/notesSlides/", "Notes"), (r"/slides/", "Slide"),
    (r"/slideLayouts/|/slideMasters/|/notesMasters/|/handoutMasters/", "Design"), (r"ppt/presentation", "Presentation"),
    (r"\[Content_Types\]|_rels/\.rels$", "List of parts"), (r"content\.xml$", "Text"), (r"meta\.xml$", "Properties"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _PLACES)


def open_zip(search: Search, data: bytes, place: str) -> None:
    """Every member of an archive, what its list says, and the bytes that belong to no member. Raises Undone."""
    search.searched("packed in archives")
    search.used("zipfile and zlib of Python")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            search.text(archive.comment.decode("utf-8", "replace"), f"{place}: Note of the archive")
            search.built([_named(member) for member in members], f"{place}: Names of the parts")
            for number, member in enumerate(members, 1):
                _open_member(search, archive, member, f"{place}: {called(member.filename, number)}")
            rest = _rest(data, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Damaged(_DAMAGED) from error
    except RuntimeError as error:
        raise Undone(_LOCKED) from error
    search.inside(rest, f"{place}: Between the parts", is_part=False)


def called(name: str, number: int) -> str:
    """What the member of an archive is, in plain words: never by its name, which somebody chose."""
    words = next((words for pattern, words in _PATTERNS if pattern.search(name)), "")
    if words and "/_rels/" in name:
        return f"{words} (links)"
    digits = re.search(r"(\d{1,4})\.\w+$", name)
    return f"{words} {digits.group(1)}" if words and digits else words or f"Part {number}"


def _open_member(search: Search, archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> None:
    notes = member.comment + b"\n" + member.extra
    if notes.strip():
        search.dense(notes, place)
        search.text(member.comment.decode("utf-8", "replace"), place)
    if member.flag_bits & 1:
        raise Undone(_LOCKED)
    if member.is_dir():
        return
    with archive.open(member) as opened:
        data = opened.read(MOST_MEMBER + 1)
    if len(data) > MOST_MEMBER:
        raise Undone(_TOO_MUCH)
    search.inside(data, place)


def _named(member: zipfile.ZipInfo) -> str:
    return f"{member.filename} {member.orig_filename}" if member.filename != member.orig_filename else member.filename


def _rest(data: bytes, archive: zipfile.ZipFile) -> bytes:
    """The bytes before, between and behind the members: where an earlier version would still lie."""
    taken = sorted(_reach(data, member) for member in archive.infolist())
    rest, at = [], 0
    for start, end in taken:
        if start > at:
            rest.append(data[at:start])
        at = max(at, end)
    end_of_list = data.rfind(b"PK\x05\x06")
    rest.append(data[at : archive.start_dir])
    if end_of_list >= 0:
        rest.append(data[end_of_list + 22 :])
    return b"".join(one for one in rest if len(one) > 16)


def _reach(data: bytes, member: zipfile.ZipInfo) -> tuple[int, int]:
    start = member.header_offset
    named = int.from_bytes(data[start + 26 : start + 28], "little")
    extra = int.from_bytes(data[start + 28 : start + 30], "little")
    return start, start + 30 + named + extra + member.compress_size
