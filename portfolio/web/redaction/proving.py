"""What was done to a file and how it was proved, in plain words. Pure."""

from dataclasses import dataclass

from portfolio.redaction.proofs import ProofSeen


@dataclass(frozen=True, slots=True)
class ProofWords:
    """The proof as a page says it; what there is nothing to say of is empty."""

    sentence: str
    replaced: str
    boxes: str
    seconds: str
    gone: str
    tools: str
    ways: tuple[str, ...]
    sha256: str


def proof_words(seen: ProofSeen) -> ProofWords:
    """A proof in words."""
    return ProofWords(
        sentence=_sentence(seen),
        replaced="; ".join(f"{label}: {count}" for label, count in seen.counts),
        boxes=_counted(seen.boxes, "box", "boxes") if seen.boxes else "",
        seconds=f"{seen.seconds:.1f}".removesuffix(".0") + " seconds" if seen.seconds else "",
        gone=", ".join(seen.gone),
        tools=", ".join(seen.tools),
        ways=seen.ways,
        sha256=seen.sha256,
    )


def _sentence(seen: ProofSeen) -> str:
    parts = _counted(seen.parts, "part", "parts")
    if not seen.values:
        return f"Another program opened all {parts} of it. There were no words to look for."
    ways = _counted(len(seen.ways), "way", "ways")
    words = "the one value that went" if seen.values == 1 else f"any of the {seen.values} values that went"
    return f"Another program searched {parts} of it in {ways} for {words}. Nothing is left."


def _counted(count: int, one: str, many: str) -> str:
    return f"one {one}" if count == 1 else f"{count} {many}"
