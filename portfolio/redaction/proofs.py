"""What is kept of a redaction and its proof, as a page and the book say it. No word of what went is in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portfolio.anonymise.findings import LABEL_WORDS, Label
from portfolio.documents.proof.values import Proof
from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.documents.redaction.work import replaced

PLACE_MOST, SENTENCE_MOST, LISTED_MOST = 80, 200, 50


@dataclass(frozen=True, slots=True)
class ProofSeen:
    """How often something was replaced, by sort in words; what was painted, silenced and taken out beside that; what no
    program looked through; and how the result was searched: for how many values, in how many parts, in which ways,
    with which programs.
    """

    counts: tuple[tuple[str, int], ...]
    boxes: int
    seconds: float
    gone: tuple[str, ...]
    unread: tuple[tuple[str, str], ...]
    values: int
    parts: int
    ways: tuple[str, ...]
    tools: tuple[str, ...]
    unsearched: tuple[str, ...]
    sha256: str
    size: int

    @property
    def replaced(self) -> int:
        """In how many places words were replaced."""
        return sum(count for _label, count in self.counts)

    @property
    def did(self) -> str:
        """What was done, in a few words."""
        said = [f"{self.replaced} replaced"]
        if self.boxes:
            said.append(_counted(self.boxes, "box", "boxes"))
        if self.seconds:
            said.append(f"{self.seconds:.1f}".removesuffix(".0") + " s silenced")
        return ", ".join(said)

    @property
    def sentence(self) -> str:
        """All of it in a line, as the book says it."""
        parts = _counted(self.parts, "part", "parts")
        with_ = f" with {', '.join(self.tools)}" if self.tools else ""
        return f"Redacted: {self.did}; proved by searching {parts}{with_}; SHA-256 {self.sha256}"


def kept_proof(report: Report, proof: Proof, plan: Plan) -> dict[str, Any]:
    """What is kept. What places are called may come from the file, so what goes out of that goes out of them too."""
    matcher = Matcher(plan.swaps)
    unread = [[_place(one.place, matcher), one.why.value] for one in report.unread]
    return {
        "counts": report.counts,
        "boxes": report.boxes,
        "seconds": round(report.seconds, 3),
        "gone": report.gone[:LISTED_MOST],
        "unread": unread[:LISTED_MOST],
        "values": proof.values,
        "parts": proof.parts,
        "ways": list(proof.ways),
        "tools": list(proof.tools),
        "unsearched": [_place(one, matcher, SENTENCE_MOST) for one in proof.unsearched][:LISTED_MOST],
        "sha256": proof.sha256,
        "size": proof.size,
    }


def _place(place: str, matcher: Matcher, most: int = PLACE_MOST) -> str:
    said = replaced(place, matcher.find(place))
    return said if len(said) <= most else f"{said[: most - 1]}…"


def proof_seen(kept: Mapping[str, Any]) -> ProofSeen | None:
    """What was kept, in words; None where nothing was made."""
    if not kept:
        return None
    counts = {Label(label): int(count) for label, count in kept["counts"].items()}
    return ProofSeen(
        counts=tuple((LABEL_WORDS[label], counts[label]) for label in Label if counts.get(label)),
        boxes=kept["boxes"],
        seconds=kept["seconds"],
        gone=tuple(kept["gone"]),
        unread=tuple((place, why) for place, why in kept["unread"]),
        values=kept["values"],
        parts=kept["parts"],
        ways=tuple(kept["ways"]),
        tools=tuple(kept["tools"]),
        unsearched=tuple(kept["unsearched"]),
        sha256=kept["sha256"],
        size=kept["size"],
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
