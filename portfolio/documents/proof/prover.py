"""The proof of one result: opened by what did not write it, unpacked to its last stream, and searched for every value.

Runs on hostile input: call it through `proof.apart`, which gives it a process of its own.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portfolio.documents.codec import Json
from portfolio.documents.proof.apart import TOO_HARD, NotProved
from portfolio.documents.proof.opening import open_bytes
from portfolio.documents.proof.readers import read_as
from portfolio.documents.proof.search import WHOLE, Search, Undone
from portfolio.documents.proof.values import Proof, Value, values_of
from portfolio.documents.scratch import writing_in

_EMPTY = "The result is empty."


def prove_into(path: str, media_type: str, values: Any, name: str) -> Json:
    """The proof as JSON, or {"refused": sentence}; called by name in the child process. What is written on the way lies
    beside the file.
    """
    try:
        with writing_in(Path(path).parent):
            return prove(Path(path), media_type, values_of(values), name=name).as_json()
    except NotProved as trouble:
        return {"refused": str(trouble)}


def prove(path: Path, media_type: str, values: Sequence[Value], *, name: str = "") -> Proof:
    """Search a file, and its name, for values. Raises NotProved with a sentence when that cannot be done."""
    data = path.read_bytes()
    if not data:
        raise NotProved(_EMPTY)
    search = Search(values, open_bytes, len(data))
    search.used(f"Python {sys.version.split()[0]}")
    try:
        search.text(name, "Name of the file")
        read_as(search, data, media_type, WHOLE)
        search.inside(data, WHOLE, media_type)
    except Undone as trouble:
        raise NotProved(str(trouble)) from trouble
    except Exception as trouble:
        raise NotProved(TOO_HARD) from trouble
    return Proof(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        values=search.count,
        hits=search.hits,
        parts=search.parts,
        ways=search.ways,
        tools=search.tools,
        unsearched=search.unsearched,
    )
