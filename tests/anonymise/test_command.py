"""`portfolio anonymise scan`, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from portfolio.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command without a home folder: its status, what it printed, and what it said on standard error."""
    monkeypatch.delenv("PORTFOLIO_HOME", raising=False)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main(["anonymise", "scan", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def lines_of(*documents: object) -> str:
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def test_lines_become_lines_with_places_in_code_points(scan: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "\N{GRINNING FACE} ring 07700 900123, I said 07700 900123"
    source.write_text(lines_of({"id": 7, "text": text}, {"id": "none", "text": ""}) + "\n", encoding="utf-8")
    assert scan("--in", source, "--out", target) == (0, "", "")
    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert second == {"id": "none", "spans": []}
    assert first["id"] == 7
    assert [text[span["start"] : span["end"]] for span in first["spans"]] == ["07700 900123"] * 2
    assert {span["label"] for span in first["spans"]} == {"PHONE"}
    assert len({span["entity_id"] for span in first["spans"]}) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": 1}', '{"text": "a"}', '{"id": 1, "text": 2}', "[" * 100_000], ids=range(6)
)
def test_a_line_that_is_no_document_is_told_and_nothing_is_written(scan: Run, tmp_path: Path, line: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(lines_of({"id": 1, "text": "a"}) + line, encoding="utf-8")
    status, out, err = scan("--in", source, "--out", target)
    assert (status, out) == (1, "")
    assert err.startswith(f"portfolio: {source}, line 2: ")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_lines_that_cannot_be_had_or_kept_are_told(scan: Run, tmp_path: Path) -> None:
    absent, target = tmp_path / "absent", tmp_path / "out.jsonl"
    said = f"portfolio: {absent} cannot be read, or {target} not be written.\n"
    assert scan("--in", absent, "--out", target) == (1, "", said)
    absent.write_bytes(b'{"id": 1, "text": "\xff"}')
    assert scan("--in", absent, "--out", target) == (1, "", said)


@pytest.mark.parametrize("words", [[], ["--in", "a"], ["--out", "a"], ["--in", "a", "--out", "b", "c"]], ids=range(4))
def test_one_form_or_the_other(scan: Run, words: list[str]) -> None:
    assert scan(*words) == (1, "", "portfolio: Give files to scan, or --in and --out together.\n")


def test_findings_in_files_are_a_table(scan: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("First line.\nPlease ring 07700 900123.\n", encoding="utf-8")
    status, out, err = scan(path)
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "File      Where   What          Found         Why",
        "note.txt  line 2  Phone number  07700 900123  has the form of a telephone number",
        "1 finding in 1 file",
    ]


def test_a_file_without_findings_gives_status_0(scan: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.anything"
    path.write_text("nothing that points at a person\n", encoding="utf-8")
    assert scan(path) == (0, "0 findings in 1 file\n", "")


def test_words_of_an_office_file_are_read(scan: Run, tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("A call came in.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(
        [cell for row in table.rows for cell in row.cells], ["Mobile", "Note", "07700 900123", "late"], strict=True
    ):
        cell.text = words
    path = tmp_path / "record.docx"
    document.save(str(path))
    status, out, err = scan(path)
    assert (status, err) == (1, "")
    assert "Phone number  07700 900123" in out


def test_what_cannot_be_read_is_told_and_is_not_clean(scan: Run, tmp_path: Path) -> None:
    picture, program, empty = tmp_path / "a.gif", tmp_path / "b.bin", tmp_path / "c.txt"
    picture.write_bytes(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    program.write_bytes(b"\x7fELF\x00\x00")
    empty.touch()
    status, out, err = scan(picture, program, empty, tmp_path / "absent")
    assert (status, out) == (1, "0 findings in 4 files; 4 could not be read\n")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        str(path) for path in (picture, program, empty, tmp_path / "absent")
    ]


def test_the_terminal_is_spared_signs_that_steer_it(scan: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Email: a\x1b[31mb@example.org or user name: nosuch\x1b7name99\n", encoding="utf-8")
    assert "\x1b" not in scan(path)[1]
