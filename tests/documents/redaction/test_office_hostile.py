"""Odd and broken Office files: each is refused with a sentence or redacted, in time, and never anything else."""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.documents.redaction import apart
from portfolio.documents.redaction.plan import Plan, Swap
from portfolio.documents.redaction.work import Refused
from tests.documents import bombs
from tests.documents.redaction.office_samples import RELATED, SHEETS, WORD, package, relationships
from tests.documents.test_hostile import COLLECTION, SOME_BOMBS

PLAN = Plan((Swap("Margaret Halewick", "Customer A", "PERSON"), Swap("a", "b", "PERSON")))
KINDS = {".docx": WORD, ".xlsx": SHEETS}
SECONDS = 20


def odd_files(folder: Path) -> Iterator[Path]:
    for name in SOME_BOMBS:
        yield bombs.write(folder, name)
    if COLLECTION.is_dir():
        with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
            yield from (COLLECTION / row["file"] for row in csv.DictReader(listed))


def redacted(path: Path, kind: str, target: Path) -> str:
    """Why it was refused, if it was."""
    try:
        apart.redact(path, kind, target, PLAN, seconds=SECONDS)
    except Refused as refusal:
        return str(refusal)
    return ""


def test_every_odd_file_is_refused_or_redacted(tmp_path: Path) -> None:
    took = 0
    for path in odd_files(tmp_path):
        kind = KINDS.get(path.suffix)
        if kind is None:
            continue
        target = tmp_path / f"target{path.suffix}"
        said = redacted(path, kind, target)
        assert said == "" or said.endswith("."), path
        assert target.exists() == (not said), path
        assert said or zipfile.is_zipfile(target), path
        took += not said
        target.unlink(missing_ok=True)
    assert took or not COLLECTION.is_dir()


def document(inner: str, related: str = "") -> bytes:
    space = RELATED.replace("officeDocument/2006/relationships", "wordprocessingml/2006/main")
    parts = {
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": f'{inner}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p>'
        "</w:body></w:document>",
    }
    if related:
        parts["word/_rels/document.xml.rels"] = related
    return package(parts, {"word/document.xml": f"{WORD}.main+xml"})


@pytest.mark.parametrize(
    "data",
    [
        document('<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        document('<!DOCTYPE w [<!ENTITY x "Margaret Halewick">]>'),
        document(""),
        document("<broken"),
    ],
)
def test_entities_and_broken_text_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(Refused, match=r"\.$"):
        apart.redact(tmp_path / "a.docx", WORD, tmp_path / "out.docx", PLAN)


def test_a_part_that_leads_in_a_ring_or_nowhere_does_no_harm(tmp_path: Path) -> None:
    ring = relationships(("image", "document.xml"), ("header", "nowhere.xml"), ("footer", "../../../etc/passwd"))
    (tmp_path / "a.docx").write_bytes(document("", ring).replace(b"&x;", b"Hi!"))
    data = zipfile.ZipFile(tmp_path / "a.docx").read("word/document.xml").replace(b"&x;", b"Margaret Halewick")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as target, zipfile.ZipFile(tmp_path / "a.docx") as source:
        for name in source.namelist():
            target.writestr(name, data if name == "word/document.xml" else source.read(name))
    report = apart.redact(tmp_path / "b.docx", WORD, tmp_path / "out.docx", PLAN)
    assert report.counts == {"PERSON": 1}
