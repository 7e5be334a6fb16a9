"""Every way to tamper with a copy of an installation that the audit drill tries, with the guards out of the way.

Each kind does its harm with plain sqlite3, as somebody with the disk would, and answers where it must be found.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portfolio.audit.events import GENESIS, Entry

HEXADECIMAL = "0123456789abcdef"
HASHED = ("at", "actor", "role", "verb", "subject", "digest", "prev", "hash", "signature")


@dataclass(frozen=True, slots=True)
class Expected:
    """The entry that must be named: a stream (or a row), and the number; None where any will do."""

    stream: str
    seq: int | None = None


@dataclass
class Copy:
    """A copy of an installation, open for tampering; `donor` is the database of another installation."""

    database: sqlite3.Connection
    files: Path
    donor: Path
    rng: Random
    done: list[str] = field(default_factory=list)

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run a statement, and remember it for the report of a miss."""
        self.done.append(f"{statement} {values}")
        return self.database.execute(statement, values)

    def one(self, query: str, *values: Any) -> Any:
        """One row."""
        return self.database.execute(query, values).fetchone()

    def any_event(self, *, least: int = 1, and_where: str = "") -> Any:
        """A random entry, with its stream's uid and length, of a stream that has at least so many."""
        rows = self.database.execute(
            "SELECT e.*, s.uid AS stream, s.head_seq FROM audit_event e JOIN audit_stream s ON s.id = e.stream_id "
            f"WHERE s.head_seq >= ? {and_where} ORDER BY e.id",
            (least,),
        )
        return self.rng.choice(rows.fetchall())

    def any_row(self, query: str) -> Any:
        """A random row of a query."""
        return self.rng.choice(self.database.execute(query).fetchall())


def another(rng: Random, column: str, value: Any) -> Any:
    """A value that is not this one, of the kind that the column has; now and then plain rubbish."""
    if value is None:
        return "2026-01-02 03:04:05.000006" if column.endswith("_at") else 1
    if isinstance(value, int):
        return value + rng.randint(1, 3)
    if column == "at" or column.endswith("_at"):
        moved = datetime.fromisoformat(value) + timedelta(seconds=rng.choice([-86_400, -1, 1, 3_600, 0.000001]))
        return moved.isoformat(sep=" ", timespec="microseconds")
    if rng.random() < 0.1:
        return "?"
    at = rng.randrange(len(value) + 1)
    if value and set(value) <= set(HEXADECIMAL):
        at = rng.randrange(len(value))
        return value[:at] + rng.choice(HEXADECIMAL.replace(value[at], "")) + value[at + 1 :]
    return value[:at] + rng.choice("abcxyz ") + value[at:]


def edit_field(copy: Copy) -> Expected:
    event = copy.any_event()
    column = copy.rng.choice([*HASHED, "seq", "stream_id"])
    if column == "seq":
        new: Any = event["head_seq"] + copy.rng.randint(1, 9)
    elif column == "stream_id":
        new = 1_000_000
    else:
        new = another(copy.rng, column, event[column])
    copy.run(f"UPDATE audit_event SET {column} = ? WHERE id = ?", new, event["id"])
    return Expected(event["stream"], event["seq"])


def edit_stream(copy: Copy) -> Expected:
    stream = copy.any_row("SELECT * FROM audit_stream WHERE head_seq > 0")
    column = copy.rng.choice(["head_seq", "head_hash", "kind", "uid"])
    new = another(copy.rng, column, stream[column])
    copy.run(f"UPDATE audit_stream SET {column} = ? WHERE id = ?", new, stream["id"])
    if column == "uid":
        return Expected(new, 1)
    return Expected(stream["uid"], 1 if column == "kind" else stream["head_seq"] + 1)


def move_time(copy: Copy) -> Expected:
    event = copy.any_event()
    copy.run("UPDATE audit_event SET at = ? WHERE id = ?", another(copy.rng, "at", event["at"]), event["id"])
    return Expected(event["stream"], event["seq"])


def delete(copy: Copy) -> Expected:
    event = copy.any_event()
    if copy.rng.random() < 0.7:
        copy.run("DELETE FROM audit_text WHERE event_id = ?", event["id"])
    copy.run("DELETE FROM audit_event WHERE id = ?", event["id"])
    if copy.rng.random() < 0.5 and event["seq"] < event["head_seq"]:
        _shift(copy, event["stream_id"], event["seq"], -1)
        copy.run("UPDATE audit_stream SET head_seq = head_seq - 1 WHERE id = ?", event["stream_id"])
    return Expected(event["stream"], event["seq"])


def _shift(copy: Copy, stream_id: int, after: int, by: int) -> None:
    """Renumber the entries behind a place."""
    copy.run("UPDATE audit_event SET seq = -seq WHERE stream_id = ? AND seq > ?", stream_id, after)
    copy.run("UPDATE audit_event SET seq = ? - seq WHERE stream_id = ? AND seq < 0", by, stream_id)


def insert(copy: Copy) -> Expected:
    """An entry that follows the one before it and is hashed rightly, but cannot be signed."""
    model = copy.any_event()
    seq = copy.rng.randint(1, model["head_seq"] + 1)
    before = copy.one("SELECT hash FROM audit_event WHERE stream_id = ? AND seq = ?", model["stream_id"], seq - 1)
    _shift(copy, model["stream_id"], seq - 1, 1)
    fields = {**dict(model), "id": None, "seq": seq, "prev": before["hash"] if before else GENESIS, "digest": ""}
    fields["hash"] = entry_of(fields).hashed()
    if copy.rng.random() < 0.5:
        fields["signature"] = Ed25519PrivateKey.generate().sign(bytes.fromhex(fields["hash"])).hex()
    columns = ["stream_id", "seq", *HASHED]
    marks = ", ".join("?" * len(columns))
    copy.run(f"INSERT INTO audit_event ({', '.join(columns)}) VALUES ({marks})", *(fields[c] for c in columns))
    newest = copy.one("SELECT * FROM audit_event WHERE stream_id = ? ORDER BY seq DESC LIMIT 1", model["stream_id"])
    _point_head(copy, model["stream_id"], newest["seq"], newest["hash"])
    return Expected(model["stream"], seq)


def _point_head(copy: Copy, stream_id: int, seq: int, hashed: str) -> None:
    copy.run("UPDATE audit_stream SET head_seq = ?, head_hash = ? WHERE id = ?", seq, hashed, stream_id)


def entry_of(fields: dict[str, Any]) -> Entry:
    """The hashed fields of a row."""
    at = datetime.fromisoformat(f"{fields['at']}+00:00")
    words = [fields[name] for name in ("actor", "role", "verb", "subject", "digest", "prev")]
    return Entry(fields["stream"], fields["seq"], at, *words)


def swap(copy: Copy) -> Expected:
    event = copy.any_event(least=2)
    other = copy.rng.choice([n for n in range(1, event["head_seq"] + 1) if n != event["seq"]])
    _renumber(copy, event["stream_id"], {event["seq"]: other, other: event["seq"]})
    return Expected(event["stream"], min(other, event["seq"]))


def reorder(copy: Copy) -> Expected:
    """A run of entries in another order."""
    event = copy.any_event(least=4)
    length = copy.rng.randint(3, min(8, event["head_seq"]))
    first = copy.rng.randint(1, event["head_seq"] - length + 1)
    present = list(range(first, first + length))
    turn = copy.rng.randint(1, length - 1)
    _renumber(copy, event["stream_id"], dict(zip(present, present[turn:] + present[:turn], strict=True)))
    return Expected(event["stream"], first)


def _renumber(copy: Copy, stream_id: int, numbers: dict[int, int]) -> None:
    for old, new in numbers.items():
        copy.run("UPDATE audit_event SET seq = ? WHERE stream_id = ? AND seq = ?", -new, stream_id, old)
    copy.run("UPDATE audit_event SET seq = -seq WHERE stream_id = ? AND seq < 0", stream_id)


def hash_again(copy: Copy) -> Expected:
    """Change an entry and make the rest of the chain again, with the old signatures or with those of another key."""
    event = copy.any_event()
    key = Ed25519PrivateKey.generate() if copy.rng.random() < 0.5 else None
    rows = copy.database.execute(
        "SELECT * FROM audit_event WHERE stream_id = ? AND seq >= ? ORDER BY seq", (event["stream_id"], event["seq"])
    ).fetchall()
    prev = event["prev"]
    for row in rows:
        fields = {**dict(row), "stream": event["stream"], "prev": prev}
        if row["id"] == event["id"]:
            fields["actor"] = another(copy.rng, "actor", row["actor"])
        prev = entry_of(fields).hashed()
        signature = key.sign(bytes.fromhex(prev)).hex() if key else row["signature"]
        copy.run(
            "UPDATE audit_event SET actor = ?, prev = ?, hash = ?, signature = ? WHERE id = ?",
            fields["actor"], fields["prev"], prev, signature, row["id"],
        )  # fmt: skip
    _point_head(copy, event["stream_id"], event["head_seq"], prev)
    return Expected(event["stream"], event["seq"])


def cut_tail(copy: Copy) -> Expected:
    """Everything after an entry is gone, and the stream's head says that this was all."""
    event = copy.any_event()
    left = event["seq"] - 1
    gone = "SELECT id FROM audit_event WHERE stream_id = ? AND seq > ?"
    for table in ("audit_text", "audit_head"):
        copy.run(f"DELETE FROM {table} WHERE event_id IN ({gone})", event["stream_id"], left)
    copy.run("DELETE FROM audit_event WHERE stream_id = ? AND seq > ?", event["stream_id"], left)
    _point_head(copy, event["stream_id"], left, event["prev"])
    return Expected(event["stream"], event["seq"])


def replace_tables(copy: Copy) -> Expected:
    """The whole trail of another installation in the place of ours, perhaps under our stream's name; or none."""
    ours = copy.one("SELECT s.uid FROM audit_stream s JOIN centre c ON c.stream_id = s.id ORDER BY s.id")["uid"]
    tables = ("audit_text", "audit_head", "audit_event", "audit_stream")
    for table in tables:
        copy.run(f"DELETE FROM {table}")
    centre = copy.one("SELECT uid FROM centre ORDER BY id")["uid"]
    if copy.rng.random() < 0.3:
        return Expected(f"centre:{centre}", 1)
    copy.database.commit()
    copy.run("ATTACH DATABASE ? AS donor", str(copy.donor))
    for table in tables:
        copy.run(f"INSERT INTO {table} SELECT * FROM donor.{table}")
    stream = copy.one("SELECT id, uid FROM audit_stream ORDER BY id")
    if copy.rng.random() < 0.5:
        copy.run("UPDATE audit_stream SET uid = ? WHERE id = ?", ours, stream["id"])
        return Expected(ours, 1)
    return Expected(stream["uid"], 1)


def edit_text(copy: Copy) -> Expected:
    event = copy.any_event(and_where="AND e.digest != ''")
    text = copy.one("SELECT * FROM audit_text WHERE event_id = ?", event["id"])
    column = copy.rng.choice(["salt", "text"])
    copy.run(
        f"UPDATE audit_text SET {column} = ? WHERE event_id = ?",
        another(copy.rng, column, text[column]) if column == "salt" else _other_json(copy.rng, text["text"]),
        event["id"],
    )
    return Expected(event["stream"], event["seq"])


def _other_json(rng: Random, text: str) -> str:
    """One letter or figure more, somewhere in the words; or something that is not JSON at all."""
    if rng.random() < 0.2:
        return text[:-1]
    at = rng.choice([place for place, letter in enumerate(text) if letter.isalnum()])
    return f"{text[:at]}7{text[at:]}"


def remove_text(copy: Copy) -> Expected:
    event = copy.any_event(and_where="AND e.digest != ''")
    copy.run("DELETE FROM audit_text WHERE event_id = ?", event["id"])
    return Expected(event["stream"], event["seq"])


def erase_text(copy: Copy) -> Expected:
    """A text that is erased as if an amendment had done so, in the name of one or of nothing; not an amendment's own,
    without which the proof stops at what it told."""
    erased = "instr(t.text, '\"erased_by\"') > 0"
    event = copy.any_event(
        and_where="AND e.digest != '' AND e.verb != 'evidence.amend' "
        f"AND NOT EXISTS (SELECT 1 FROM audit_text t WHERE t.event_id = e.id AND {erased})"
    )
    telling = copy.one(
        "SELECT max(seq) AS seq FROM audit_event WHERE stream_id = ? AND verb = 'evidence.amend'", event["stream_id"]
    )
    by = telling["seq"] if telling["seq"] and copy.rng.random() < 0.7 else copy.rng.randint(1, 99)
    copy.run("UPDATE audit_text SET salt = '', text = ? WHERE event_id = ?", f'{{"erased_by": {by}}}', event["id"])
    return Expected(event["stream"], event["seq"])


def noted_head(copy: Copy) -> Expected:
    head = copy.any_row(
        "SELECT h.*, s.uid AS stream, e.seq AS entry FROM audit_head h JOIN audit_event e ON e.id = h.event_id "
        "JOIN audit_stream s ON s.id = e.stream_id"
    )
    if copy.rng.random() < 0.5:
        copy.run("DELETE FROM audit_head WHERE id = ?", head["id"])
    else:
        copy.run("UPDATE audit_head SET seq = ? WHERE id = ?", another(copy.rng, "seq", head["seq"]), head["id"])
    return Expected(head["stream"], head["entry"])


Kind = Callable[[Copy], Expected]

ON_THE_TRAIL: dict[str, Kind] = {
    "field edit": edit_field,
    "stream's own row": edit_stream,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "reorder": reorder,
    "time": move_time,
    "re-hash without the key": hash_again,
    "cut tail, against an exported head": cut_tail,
    "whole-table replace": replace_tables,
    "text edit": edit_text,
    "text removal": remove_text,
    "text erasure": erase_text,
    "noted head": noted_head,
}
