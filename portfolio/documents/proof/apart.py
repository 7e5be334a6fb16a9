"""Proving a result in a process of its own with limits on time and memory: the file came from outside."""

from collections.abc import Sequence
from pathlib import Path

from portfolio.documents.codec import Malformed
from portfolio.documents.proof.values import Proof, Value, proof_of
from portfolio.documents.sandbox import run_limited

SECONDS = 300
_LONG_SECONDS = 900
_LONG = ("application/pdf", "image/tiff", "audio/", "video/")
"""Every page is looked at by a program that reads words, which takes a second or two; recordings are large."""
MEMORY_BYTES = 2_500 * 1000**2
FILE_BYTES = 2_000 * 1000**2
TOO_HARD = "The result could not be searched through: it took too long or too much memory, or it is damaged."


class NotProved(Exception):
    """The proof itself could not be done, which is a failure like a hit; the sentence is for a person."""


def prove_apart(
    path: Path, media_type: str, values: Sequence[Value], *, name: str = "", seconds: int | None = None
) -> Proof:
    """Search the file, and its name, for the values. Raises NotProved with a sentence when that cannot be done."""
    outcome = run_limited(
        "portfolio.documents.proof.prover:prove_into",
        str(path.resolve()),
        media_type,
        [one.as_json() for one in values],
        name,
        seconds=seconds or (_LONG_SECONDS if media_type.startswith(_LONG) else SECONDS),
        memory_bytes=MEMORY_BYTES,
        file_bytes=FILE_BYTES,
    )
    if outcome.note:
        raise NotProved(TOO_HARD)
    if isinstance(outcome.value, dict) and "refused" in outcome.value:
        raise NotProved(str(outcome.value["refused"]))
    try:
        return proof_of(outcome.value)
    except Malformed as error:
        raise NotProved(TOO_HARD) from error
