"""The demo's files and written accounts, kept beside this module with marks for dates that are filled in here."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from portfolio.demo.dates import Dates
from portfolio.documents.sniff import inspect
from portfolio.storage.arriving import Upload
from portfolio.storage.stores import Store

_HERE = Path(__file__).parent
_TEXTS = {".txt", ".csv", ".eml"}
_WORDS = {".docx": "word/document.xml", ".xlsx": "xl/worksheets/"}
"""How the names of the parts of an Office file begin that hold its words."""


def account(dates: Dates, name: str) -> str:
    """A written account, in Markdown."""
    return dates.filled((_HERE / "accounts" / f"{name}.md").read_text(encoding="utf-8")).strip()


def upload(store: Store, dates: Dates, name: str) -> Upload:
    """A file as it arrives from a browser: streamed, hashed and looked at."""
    incoming = store.receive()
    incoming.write(_content(dates, _HERE / "files" / name))
    arrived = incoming.arrive()
    return Upload(arrived, name, inspect(arrived.path, name).media_type)


def _content(dates: Dates, path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix in _TEXTS:
        return dates.filled(content.decode()).encode()
    return _filled_office(dates, content, _WORDS[path.suffix]) if path.suffix in _WORDS else content


def _filled_office(dates: Dates, content: bytes, words: str) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, dates.filled(data.decode()) if part.filename.startswith(words) else data)
    return made.getvalue()
