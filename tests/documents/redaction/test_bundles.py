"""An archive is redacted member by member, and one that means harm is refused."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from portfolio.documents.redaction.apart import read_whole
from portfolio.documents.redaction.apart import redact as redact_apart
from portfolio.documents.redaction.plan import Plan, Swap, Why
from portfolio.documents.redaction.work import Refused
from tests.documents.redaction.laid_open import Planted, lacks, picture, redacted, still_in

ARCHIVE = "application/zip"
HALE = Swap("Margaret Hale", "Customer A", "PERSON")


def packed(members: dict[str, bytes | str], comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
        package.comment = comment
    return made.getvalue()


def full_archive(who: Planted) -> bytes:
    """Every kind of member that is read here, with a name inside and one in its name."""
    members: dict[str, bytes | str] = {
        f"{who.next()}/": b"",
        f"{who.next()}/{who.next()}/notes {who.next()}.txt": f"by {who.next()}",
        f"{who.next()}.md": f"**{who.next()[:3]}**{who.used[-1][3:]}",
        f"list_{who.next().replace(' ', '_')}.csv": f"Name;Tel\n{who.next()};1\n",
        f"{who.next()}.eml": f"Subject: {who.next()}\n\n{who.next()}\n",
        f"{who.next()}.rtf": rf"{{\rtf1 {who.next()}}}",
        f"{who.next()}.html": f"<p title='{who.next()}'>{who.next()}</p>",
        f"{who.next()}.vcf": f"BEGIN:VCARD\r\nFN:{who.next()}\r\nEND:VCARD\r\n",
        f"{who.next()}.ics": f"BEGIN:VCALENDAR\r\nSUMMARY:{who.next()}\r\nEND:VCALENDAR\r\n",
        f"{who.next()}.zip": packed({f"{who.next()}.txt": f"and {who.next()}"}, who.next().encode()),
        "one.png": picture(),
    }
    return packed(members, who.next().encode())


def test_no_name_is_left_in_any_member(tmp_path: Path) -> None:
    who = Planted()
    data = full_archive(who)
    assert len(who.used) >= 25
    made, report = redacted(tmp_path, data, ARCHIVE, who.swaps)
    assert still_in(made, who.used) == []
    assert lacks(tmp_path, data, ARCHIVE, who.used) == []
    assert "the comment of the archive" in report.gone
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.testzip() is None
        assert package.namelist()[:2] == ["Person 1/", "Person 2/Person 3/notes Person 4.txt"]
        assert len(package.namelist()) == 11
        assert package.read("Person 6.md") == b"**Person 7**"
        assert {member.date_time[0] for member in package.infolist()} == {1980}
    assert redacted(tmp_path, data, ARCHIVE, who.swaps)[0] == made


def test_members_that_come_to_one_name_are_told_apart(tmp_path: Path) -> None:
    data = packed({"Margaret Hale.txt": "1", "margaret-hale.txt": "2", "Customer A.TXT": "3", "a/Customer A.txt": "4"})
    made, _ = redacted(tmp_path, data, ARCHIVE, [HALE])
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.namelist() == ["Customer A.txt", "Customer A (2).txt", "Customer A (3).TXT", "a/Customer A.txt"]


def test_what_nothing_reads_is_left_out_and_said(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {"Margaret Hale.exe": b"MZ", "x.docx": b"PK\x03\x04 damaged", "b.txt": "b"}
    made, report = redacted(tmp_path, packed(members), ARCHIVE, [HALE])
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == ["b.txt"]
    assert [(one.place, one.why) for one in report.unread] == [("File 1", Why.KIND), ("File 2", Why.KIND)]


def test_archives_too_deep_are_left_out(tmp_path: Path) -> None:
    data = packed({"a.txt": "Margaret Hale"})
    for _ in range(6):
        data = packed({"inner.zip": data})
    made, report = redacted(tmp_path, data, ARCHIVE, [HALE])
    assert [one.why for one in report.unread] == [Why.KIND]
    assert still_in(made, ["Margaret Hale"]) == []


def test_names_in_other_alphabets_are_read(tmp_path: Path) -> None:
    data = bytearray(packed({"Jose Nunez.txt": "x"}))
    for at in (data.find(b"Jose"), data.rfind(b"Jose")):
        data[at : at + 10] = "José Núñez".encode("cp1252")
    made, _ = redacted(tmp_path, bytes(data), ARCHIVE, [Swap("José Núñez", "Customer É", "PERSON")])
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == ["Customer É.txt"]


def _link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
    return made.getvalue()


def _with_flag() -> bytes:
    data = bytearray(packed({"a.txt": "x"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(data)


def _lying() -> bytes:
    """Says that a member is small, and it is not."""
    data = bytearray(packed({"a.txt": b"x" * 1000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (packed({"../a.txt": "x"}), "links"),
        (packed({"/a.txt": "x"}), "links"),
        (packed({"C:\\a.txt": "x"}), "links"),
        (packed({"a.txt": "x", "A.txt": "y"}), "same name"),
        (packed({"a.txt": b"0" * 30_000_000}), "far more"),
        (packed({f"{number}.txt": "" for number in range(4_100)}), "far more"),
        (_link(), "links"),
        (_with_flag(), "password"),
        (_lying(), "damaged"),
        (b"PK\x05\x06", "damaged"),
        (b"", "damaged"),
    ],
)
def test_harm_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        redacted(tmp_path, data, ARCHIVE, [HALE])


@pytest.mark.parametrize("path", sorted(Path("../shared/hostile-dev/zip").glob("*.zip")), ids=lambda path: path.name)
def test_odd_archives_are_refused_or_done(tmp_path: Path, path: Path) -> None:
    try:
        read_whole(path, ARCHIVE, tmp_path, seconds=20)
        report = redact_apart(path, ARCHIVE, tmp_path / "made.zip", Plan((HALE,)), seconds=20)
    except Refused:
        assert not (tmp_path / "made.zip").exists()
        return
    assert report.media_type == ARCHIVE
