"""What is taken and what is refused, by content; every refusal is a sentence."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portfolio.documents.sniff import ENDINGS, inspect, media_type_of
from portfolio.errors import Rejected
from tests.documents import bombs


def image(kind: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, kind)
    return data.getvalue()


def other_office(kind: str) -> bytes:
    return bombs.docx(types=f'<Types><Override ContentType="{kind}.main+xml"/></Types>')


MESSAGE_CLASS = "0b0d020000000000c000000000000046"
OFFICE = "application/vnd.openxmlformats-officedocument."
TAKEN = [
    ("a.docx", bombs.docx(), bombs.WORD),
    ("a.xlsx", other_office(f"{OFFICE}spreadsheetml.sheet"), f"{OFFICE}spreadsheetml.sheet"),
    ("a.pptx", other_office(f"{OFFICE}presentationml.presentation"), f"{OFFICE}presentationml.presentation"),
    ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
    ("a.png", image("PNG"), "image/png"),
    ("a.JPG", image("JPEG"), "image/jpeg"),
    ("photo.jpg", image("PNG"), "image/png"),
    ("a.gif", image("GIF"), "image/gif"),
    ("a.webp", image("WEBP"), "image/webp"),
    ("a.tif", image("TIFF"), "image/tiff"),
    ("a.heic", b"\0\0\0\x18ftypheic", "image/heic"),
    ("a.mp3", b"ID3\x04", "audio/mpeg"),
    ("a.mp3", b"\xff\xfb\x90\x64", "audio/mpeg"),
    ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
    ("a.m4a", b"\0\0\0\x18ftypM4A ", "audio/mp4"),
    ("a.m4a", b"\0\0\0\x18ftypmp42", "audio/mp4"),
    ("a.mp4", b"\0\0\0\x18ftypisom", "video/mp4"),
    ("a.mov", b"\0\0\0\x14ftypqt  ", "video/quicktime"),
    ("a.webm", b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm", "video/webm"),
    ("a.ogg", b"OggS\0", "audio/ogg"),
    ("a.rtf", b"{\\rtf1\\ansi", "application/rtf"),
    ("a.msg", bombs.compound("__properties_version1.0"), "application/vnd.ms-outlook"),
    ("a.msg", bombs.compound(root_class=bytes.fromhex(MESSAGE_CLASS)), "application/vnd.ms-outlook"),
    ("a.eml", b"From: a@example.org\r\n\r\nhello", "message/rfc822"),
    ("a.eml", "Subject: é\r\n\r\nx".encode("utf-16"), "message/rfc822"),
    ("a.txt", b"MZ was the code of the shelf.", "text/plain"),
    ("a.txt", "Grüße".encode("cp1252"), "text/plain"),
    ("a.txt", "wide".encode("utf-16"), "text/plain"),
    ("a.txt", b"<!---->" * 500, "text/plain"),
    ("a.md", b"# Note", "text/markdown"),
    ("a.csv", b"a,b\n1,2", "text/csv"),
    ("no-ending", image("PNG"), "image/png"),
]
REFUSED = [
    ("a.html", b"<!doctype html><p>"),
    ("a.htm", b"<HTML>"),
    ("a.txt", b" \n<!-- x --> <!-- y --><script>alert(1)</script>"),
    ("a.md", b"\xef\xbb\xbf<svg onload=alert(1)>"),
    ("a.csv", b"<?xml version='1.0'?><x/>"),
    ("a.txt", "<html>".encode("utf-16")),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.xml", b"<?xml version='1.0'?><x/>"),
    ("a.js", b"alert(1)"),
    ("a.exe", b"MZ\x90\0"),
    ("a.sh", b"#!/bin/sh"),
    ("a.txt", b"#!/bin/sh"),
    ("a.bin", b"\x7fELF"),
    ("a.txt", b"text with \0 inside"),
    ("a.txt", b""),
    ("a.zip", b"PK\x05\x06" + b"\0" * 18),
    ("a.docx", b"PK\x03\x04 and nothing more"),
    ("a.docx", b"not a zip at all"),
    ("a.exe", image("PNG")),
    ("a.html", image("PNG")),
    ("a.docx", other_office(f"{OFFICE}spreadsheetml.sheet")),
    ("a.docx", bombs.docx(members={"word/vbaProject.bin": b"x"})),
    (
        "a.docx",
        bombs.docx(
            types='<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
        ),
    ),
    ("a.docx", bombs.docx(types='<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>')),
    ("a.docx", bombs.docx(types="<Types>")),
    ("a.docx", bombs.docx(members={"../../etc/passwd": b"x"})),
    ("a.docx", bombs.docx(members={"WORD/document.xml": b"x"})),
    ("a.docx", bombs.members()),
    ("a.docx", bombs.overlapping()),
    ("a.docx", bombs.compound("EncryptedPackage")),
    ("a.doc", bombs.compound("WordDocument")),
    ("a.msg", bombs.compound()[:512]),
    ("a.avif", b"\0\0\0\x18ftypavif"),
    ("a.mkv", b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x88matroska"),
]


def looked_at(folder: Path, name: str, data: bytes) -> str:
    path = folder / "blob"
    path.write_bytes(data)
    return inspect(path, name).media_type


@pytest.mark.parametrize(("name", "data", "expected"), TAKEN, ids=[f"{n} {k[-20:]}" for n, _, k in TAKEN])
def test_taken(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    assert looked_at(tmp_path, name, data) == expected


@pytest.mark.parametrize(("name", "data"), REFUSED, ids=[f"{n} {d[:4]!r}" for n, d in REFUSED])
def test_refused_with_a_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        looked_at(tmp_path, name, data)
    assert refused.value.message.endswith(".")
    assert "!" not in refused.value.message


def test_unpacked_size_is_judged_before_unpacking(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="far more inside"):
        looked_at(tmp_path, "a.docx", bombs.unpacked())


def test_a_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO(bombs.docx())
    with zipfile.ZipFile(data, "a") as package:
        member = zipfile.ZipInfo("word/link.xml")
        member.external_attr = 0o120777 << 16
        package.writestr(member, "/etc/passwd")
    with pytest.raises(Rejected):
        looked_at(tmp_path, "a.docx", data.getvalue())


def test_every_name_and_every_content_together(tmp_path: Path) -> None:
    """A file is only taken under an ending that people expect for what it is."""
    names = ["x" + ending for endings in ENDINGS.values() for ending in endings] + ["x.html", "x.exe", "x.svg", "x"]
    path = tmp_path / "blob"
    for _, data, _ in TAKEN:
        path.write_bytes(data)
        for name in names:
            try:
                found = inspect(path, name).media_type
            except Rejected:
                continue
            assert name == "x" or name[1:] in ENDINGS[found]


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_head_and_name(head: bytes, name: str) -> None:
    found = media_type_of(head, name)
    assert found is None or found in ENDINGS


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_broken_office_files_are_refused_or_taken(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed, cut or doubled anywhere: an answer or a refusal, nothing else."""
    whole = bytearray(data.draw(st.sampled_from([bombs.docx(), bombs.compound("__nameid_version1.0")])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        looked_at(tmp_path, "a.docx", bytes(whole))
    except Rejected:
        return
