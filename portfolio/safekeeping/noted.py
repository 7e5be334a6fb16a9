"""What an installation remembers of its backups, in `backups.json` of its home, so that nobody need look for them."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portfolio import clock
from portfolio.safekeeping.contents import Checked

FILE = "backups.json"
MOST = 100
FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Noted:
    """One backup that was made and read back."""

    made_at: datetime
    file: str
    size: int
    sha256: str
    revision: str
    identity: str
    rows: int
    files: int
    missing: int

    @property
    def age(self) -> timedelta:
        """How long ago its moment was."""
        return clock.now() - self.made_at


def note(home: Path, checked: Checked, out: Path) -> None:
    """Remember a backup; the oldest ones are forgotten. Raises OSError."""
    noted = Noted(
        made_at=datetime.fromisoformat(checked.beginning.made_at),
        file=str(out.resolve()),
        size=checked.size,
        sha256=checked.sha256,
        revision=checked.beginning.revision,
        identity=checked.beginning.identity,
        rows=checked.contents.rows,
        files=checked.contents.files,
        missing=checked.contents.missing,
    )
    rows = [{**asdict(each), "made_at": each.made_at.isoformat()} for each in [*read(home), noted][-MOST:]]
    fresh = home / f".{FILE}.{os.getpid()}"
    try:
        fresh.touch(0o600)
        fresh.write_text(json.dumps(rows, indent=1))
        fresh.replace(home / FILE)
    finally:
        fresh.unlink(missing_ok=True)


def read(home: Path) -> list[Noted]:
    """Every backup that is remembered, the newest last; none when the note cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        rows = json.loads((home / FILE).read_text())
        return [Noted(**{**row, "made_at": datetime.fromisoformat(row["made_at"])}) for row in rows]
    return []


def newest(home: Path, identity: str, revision: str | None = None) -> Noted | None:
    """The newest backup of a database, as it is laid now if the revision is given."""
    mine = [noted for noted in read(home) if noted.identity == identity and revision in {None, noted.revision}]
    return max(mine, key=lambda noted: noted.made_at, default=None)
