"""Tampering beside the trail: with decisions, handed-in work, its claims, reviews, signatures and stored files."""

import sqlite3
from pathlib import Path
from typing import Any

from portfolio.criteria.rules import Method
from tests.drills.tamperings import Copy, Expected, Kind, another

JUDGEMENT = (
    "claim_id", "review_id", "no", "assessor_id", "outcome", "sufficient", "feedback", "decided_at", "effective_at",
    "supersedes_id", "digest",
)  # fmt: skip
VERSION = (
    "evidence_id", "no", "title", "event_on", "context", "role", "body", "custody", "notes", "digest", "amended",
    "created_at", "frozen_at", "withdrawn_at",
)  # fmt: skip
CLAIM = (
    "evidence_version_id", "enrolment_unit_id", "criterion_id", "annotation", "place", "origin", "submission_id",
    "amended",
)  # fmt: skip
AMENDMENT = (
    "breach_id", "version_id", "no", "by_id", "made_at", "reason", "digest_before", "digest_after", "claims_before",
    "claims_after", "removed",
)  # fmt: skip
REVIEW = (
    "submission_item_id", "assessor_id", "is_trainee", "countersigns_id", "valid", "authentic", "reliable", "current",
    "feedback", "released_at",
)  # fmt: skip
DECISION = ("enrolment_unit_id", "no", "kind", "by_id", "reason", "decided_at", "supersedes_id")
SIGNATURE = ("subject", "person_id", "role_word", "statement", "signed", "signed_at", "digest")
DECIDED = (
    "undoes", "enrolment_id", "item_uid", "token", "label", "entity_uid", "pseudonym", "places", "outcome", "reason",
    "said", "by_id", "role_word", "at",
)  # fmt: skip
EMPTIED = {"effective_at", "event_on", "released_at"}
FLAGS = {"sufficient", "is_trainee", "valid", "authentic", "reliable", "current"}
CHOICES = {
    "outcome": ("met", "not_yet_met", "insufficient"),
    "origin": ("learner", "assessor"),
    "kind": ("signed_off", "reopened"),
}


def changed(copy: Copy, column: str, value: Any) -> Any:
    """Another value for a column of a row on record, mostly one that makes sense."""
    if column in FLAGS:
        return 1 - value
    if column in CHOICES:
        return copy.rng.choice([word for word in CHOICES[column] if word != value])
    if value is not None and (column == "withdrawn_at" or (column in EMPTIED and copy.rng.random() < 0.5)):
        return None
    made_up = {
        "custody": '{"seen": "by me"}',
        "event_on": "2026-11-02",
        "notes": '[{"at": "10:42", "ask": "", "said": "I saw it.", "criteria": []}]',
        "removed": f'[{{"sha256": "{copy.rng.randbytes(32).hex()}", "size": 1, "replaced_by": ""}}]',
        "signed": '{"criteria": [], "tally": {"met": 99}}',
    }
    return made_up[column] if column in made_up else another(copy.rng, column, value)


def edit(copy: Copy, table: str, row: Any, columns: tuple[str, ...]) -> str:
    """Change one column of a row; another one where a constraint that is not a guard refuses."""
    while True:
        column = copy.rng.choice(columns)
        try:
            copy.run(f"UPDATE {table} SET {column} = ? WHERE id = ?", changed(copy, column, row[column]), row["id"])
        except sqlite3.IntegrityError:
            continue
        return column


def judgement(copy: Copy) -> Expected:
    row = copy.any_row("SELECT * FROM judgement")
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM judgement WHERE id = ?", row["id"])
        return _entry_telling(copy, row["digest"])
    if chance < 0.4:
        columns = ", ".join(column for column in JUDGEMENT if column != "no")
        newest = copy.one("SELECT max(no) AS no FROM judgement WHERE claim_id = ?", row["claim_id"])["no"]
        copy.run(
            f"INSERT INTO judgement (uid, no, {columns}) SELECT 'made-up', ?, {columns} FROM judgement WHERE id = ?",
            newest + 1,
            row["id"],
        )
        return Expected("judgement:made-up")
    edit(copy, "judgement", row, JUDGEMENT)
    return Expected(f"judgement:{row['uid']}", None)


def _entry_telling(copy: Copy, digest: str) -> Expected:
    """The entry whose text tells of a digest."""
    told = copy.one(
        "SELECT s.uid, e.seq FROM audit_text t JOIN audit_event e ON e.id = t.event_id "
        "JOIN audit_stream s ON s.id = e.stream_id WHERE instr(t.text, ?) > 0",
        digest,
    )
    return Expected(told["uid"], told["seq"])


def version(copy: Copy) -> Expected:
    row = copy.any_row("SELECT * FROM evidence_version WHERE frozen_at IS NOT NULL")
    chance = copy.rng.random()
    if chance < 0.15:
        copy.run("DELETE FROM evidence_version WHERE id = ?", row["id"])
        return _entry_telling(copy, row["digest"])
    if chance < 0.25:
        copy.run("UPDATE evidence_version SET frozen_at = NULL WHERE id = ?", row["id"])
        return _entry_telling(copy, row["digest"])
    if chance < 0.4:
        column = copy.rng.choice(["ref", "method", "author_id"])
        item = copy.one("SELECT * FROM evidence WHERE id = ?", row["evidence_id"])
        new = {"ref": "E999", "method": Method.WITNESS.value, "author_id": item["author_id"] + 1}[column]
        copy.run(f"UPDATE evidence SET {column} = ? WHERE id = ?", new, item["id"])
    else:
        edit(copy, "evidence_version", row, VERSION)
    return Expected(f"evidence_version:{row['uid']}")


def file_row(copy: Copy) -> Expected:
    row = copy.any_row(
        "SELECT f.*, v.uid AS version FROM evidence_file f JOIN evidence_version v ON v.id = f.version_id "
        "WHERE v.frozen_at IS NOT NULL"
    )
    if copy.rng.random() < 0.3:
        copy.run("DELETE FROM evidence_file WHERE id = ?", row["id"])
    else:
        edit(copy, "evidence_file", row, ("name", "blob_id", "version_id"))
    return Expected(f"evidence_version:{row['version']}")


def claim(copy: Copy) -> Expected:
    row = copy.any_row(
        "SELECT c.*, v.uid AS version FROM claim c JOIN evidence_version v ON v.id = c.evidence_version_id "
        "WHERE c.submission_id IS NOT NULL"
    )
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM claim WHERE id = ?", row["id"])
    elif chance < 0.4:
        columns = ", ".join([*CLAIM, "created_at"])
        values = columns.replace("criterion_id", "criterion_id + 1000")
        copy.run(f"INSERT INTO claim (uid, {columns}) SELECT 'made-up', {values} FROM claim WHERE id = ?", row["id"])
    else:
        edit(copy, "claim", row, CLAIM)
    return Expected(f"evidence_version:{row['version']}")


def review(copy: Copy) -> Expected:
    row = copy.any_row("SELECT * FROM item_review WHERE released_at IS NOT NULL")
    if copy.rng.random() < 0.3:
        mark = copy.one("SELECT * FROM review_mark WHERE review_id = ?", row["id"])
        edit(copy, "review_mark", mark, ("outcome", "sufficient", "feedback", "claim_id"))
    elif edit(copy, "item_review", row, REVIEW) == "released_at" and not _is_released(copy, row["id"]):
        told = copy.one(
            "SELECT s.uid, max(e.seq) AS seq FROM audit_event e JOIN audit_stream s ON s.id = e.stream_id "
            "WHERE e.subject = ? GROUP BY s.uid",
            f"item_review:{row['uid']}",
        )
        return Expected(told["uid"], told["seq"])
    return Expected(f"item_review:{row['uid']}")


def _is_released(copy: Copy, review_id: int) -> bool:
    return copy.one("SELECT released_at FROM item_review WHERE id = ?", review_id)["released_at"] is not None


def amendment(copy: Copy) -> Expected:
    """An amendment that is changed, gone or made up, the last with a version that it is to excuse."""
    row = copy.any_row("SELECT * FROM amendment")
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM amendment WHERE id = ?", row["id"])
        return _entry_telling(copy, row["digest_after"])
    if chance < 0.5:
        _make_up(copy, row)
        return Expected("amendment:made-up")
    edit(copy, "amendment", row, AMENDMENT)
    return Expected(f"amendment:{row['uid']}")


def _make_up(copy: Copy, model: Any) -> None:
    version = copy.any_row("SELECT * FROM evidence_version WHERE frozen_at IS NOT NULL")
    forged = copy.rng.randbytes(32).hex()
    columns = ("breach_id", "by_id", "made_at", "reason", "claims_before", "claims_after", "removed")
    copy.run(
        f"INSERT INTO amendment (uid, version_id, no, digest_before, digest_after, {', '.join(columns)}) "
        f"VALUES ('made-up', ?, ?, ?, ?, {', '.join('?' * len(columns))})",
        version["id"], version["amended"] + 1, version["digest"], forged, *(model[column] for column in columns),
    )  # fmt: skip
    copy.run(
        "UPDATE evidence_version SET body = 'Better', amended = amended + 1, digest = ? WHERE id = ?",
        forged,
        version["id"],
    )


def unit_decision(copy: Copy) -> Expected:
    """A decision on a unit that is changed, gone or made up."""
    row = copy.any_row("SELECT * FROM unit_decision")
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM unit_decision WHERE id = ?", row["id"])
    elif chance < 0.4:
        columns = ", ".join(column for column in DECISION if column != "no")
        copy.run(
            f"INSERT INTO unit_decision (uid, no, {columns}) SELECT 'made-up', 99, {columns} FROM unit_decision "
            "WHERE id = ?",
            row["id"],
        )
        return Expected("unit_decision:made-up")
    else:
        edit(copy, "unit_decision", row, DECISION)
    return Expected(f"unit_decision:{row['uid']}")


def signature(copy: Copy) -> Expected:
    """A signature that is changed, gone or made up."""
    row = copy.any_row("SELECT * FROM signature")
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM signature WHERE id = ?", row["id"])
        return _entry_telling(copy, row["digest"])
    if chance < 0.4:
        columns = ", ".join(SIGNATURE)
        copy.run(f"INSERT INTO signature (uid, {columns}) SELECT 'made-up', {columns} FROM signature WHERE id = ?",
                 row["id"])  # fmt: skip
        return Expected("signature:made-up")
    edit(copy, "signature", row, SIGNATURE)
    return Expected(f"signature:{row['uid']}")


def personal_data(copy: Copy) -> Expected:
    """A decision about personal data that is changed, gone or made up."""
    row = copy.any_row("SELECT * FROM finding_decision")
    chance = copy.rng.random()
    if chance < 0.2:
        copy.run("DELETE FROM finding_decision WHERE act = ?", row["act"])
        return _entry_telling(copy, f'"act": "{row["act"]}"')
    if chance < 0.4:
        columns = ", ".join(DECIDED)
        copy.run(
            f"INSERT INTO finding_decision (uid, act, {columns}) SELECT 'made-up', 'made-up', {columns} "
            "FROM finding_decision WHERE id = ?",
            row["id"],
        )
        return Expected("finding_decision:made-up")
    edit(copy, "finding_decision", row, DECIDED)
    return Expected(f"finding_decision:{row['act']}", None)


def hidden_item(copy: Copy) -> Expected:
    """An item that is hidden, or is not, and was not said to be."""
    row = copy.any_row("SELECT * FROM evidence WHERE state <> 'draft'")
    at = None if row["hidden_at"] else "2026-11-22 10:00:00.000000"
    copy.run("UPDATE evidence SET hidden_at = ? WHERE id = ?", at, row["id"])
    return Expected(f"evidence:{row['uid']}")


def stored_file(copy: Copy) -> Expected:
    """One bit of a stored file, or a byte more, or the whole file."""
    blob = copy.any_row("SELECT b.uid, b.sha256, c.uid AS centre FROM blob b JOIN centre c ON c.id = b.centre_id "
                        "WHERE b.state = 'kept'")  # fmt: skip
    path = copy.files / blob["centre"] / blob["sha256"][:2] / blob["sha256"]
    path.chmod(0o600)
    chance = copy.rng.random()
    if chance < 0.1:
        path.unlink()
    elif chance < 0.2:
        path.write_bytes(path.read_bytes() + b"\0")
    else:
        flip_bit(path, copy.rng.randrange(path.stat().st_size * 8))
    copy.done.append(f"changed {path}")
    return Expected(f"blob:{blob['uid']}")


def flip_bit(path: Path, which: int) -> None:
    """Turn one bit of a file over."""
    content = bytearray(path.read_bytes())
    content[which // 8] ^= 1 << which % 8
    path.write_bytes(content)


BESIDE_THE_TRAIL: dict[str, Kind] = {
    "judgement": judgement,
    "handed-in version": version,
    "its file rows": file_row,
    "its claims": claim,
    "released review": review,
    "amendment": amendment,
    "unit decision": unit_decision,
    "signature": signature,
    "decision about personal data": personal_data,
    "hidden item": hidden_item,
    "stored file": stored_file,
}
