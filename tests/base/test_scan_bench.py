"""The scan's bench: a rival that cannot be had ends it, and its own half answers as the rival's does."""

import json
from pathlib import Path

import pytest

from tests.anonymise.unseen import marked
from tests.bench import apart, measure, scan


def test_a_rival_that_cannot_be_installed_ends_the_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "rival.txt"
    lock.write_text("!!! no requirement\n")
    monkeypatch.setattr(apart, "PLACES", tmp_path)
    with pytest.raises(SystemExit, match="--without presidio"):
        apart.python_with(lock, without="presidio")
    assert not (tmp_path / "rival" / "installed").exists()


def test_a_rival_that_is_there_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "rival" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(apart, "PLACES", tmp_path)
    (tmp_path / "rival" / "installed").write_text(apart.fingerprint(scan.LOCK))
    assert apart.python_with(scan.LOCK, without="presidio") == python


def test_one_half_is_told_to_answer_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "HERE", written(tmp_path))
    rows = scan.speed_rows(1, rival=False)
    assert [row["anchor_name"] for row in rows] == ["150 MB"]
    assert measure.report(rows, tmp_path / "rows.json") == 0
    assert json.loads((tmp_path / "rows.json").read_text()) == rows


def written(folder: Path) -> Path:
    """A folder of marked documents with one short document."""
    (folder / "open").mkdir()
    (folder / "open" / "one.txt").write_text("=== one | letter | bank\nDear {{p1|Mrs Example}}\n")
    return folder
