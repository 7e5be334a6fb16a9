"""How well personal data was found in documents whose personal data is known: the figures that the product is held to.

A character counts as identifying when it is a letter or digit of a mention, without the title of a person. A mention is
covered when all its identifying characters are, whatever the label; a person or thing when all its mentions are.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from portfolio.anonymise.findings import Finding
from tests.anonymise.unseen.marked import Document, Span

_TITLES = """
    mr mrs ms miss mx dr prof professor sir dame lord lady rev revd reverend rt hon cllr councillor fr msgr sister nurse
    captain capt major wing commander auntie uncle pc mstr master madam mme señor messrs the and
"""
TITLES = frozenset(_TITLES.split())


@dataclass(slots=True)
class Counts:
    """What was counted over some documents; the figures are shares of it."""

    documents: int = 0
    words: int = 0
    identifying: int = 0
    masked: int = 0
    mentions: int = 0
    covered: int = 0
    entities: int = 0
    protected: int = 0
    findings: int = 0
    right: int = 0
    holding: int = 0
    without_leak: int = 0
    clean: int = 0
    untouched: int = 0
    overlapped: int = 0
    labelled: int = 0
    pairs: int = 0
    pairs_found: int = 0
    pairs_right: int = 0
    wrong: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Each figure by name, as a share of 1 except the false findings, which are per 1,000 words."""
        return {
            "masking recall": _share(self.masked, self.identifying),
            "mentions": _share(self.covered, self.mentions),
            "entities": _share(self.protected, self.entities),
            "precision": _share(self.right, self.findings),
            "false findings": 1000 * (self.findings - self.right) / max(1, self.words),
            "no leak": _share(self.without_leak, self.holding),
            "untouched": _share(self.untouched, self.clean),
            "label accuracy": _share(self.labelled, self.overlapped),
            "linking F1": _share(2 * self.pairs_right, self.pairs + self.pairs_found),
        }


def count(documents: Iterable[Document], scan: Callable[[str], Sequence[Finding]]) -> Counts:
    """Scan every document and compare what was found with what is there."""
    counts = Counts()
    for document in documents:
        _count(counts, document, scan(document.text))
    return counts


def identifying(span: Span) -> frozenset[int]:
    """Where the characters stand that give somebody away."""
    kept = {place for place, letter in enumerate(span["text"]) if letter.isalnum()}
    if span["label"] == "PERSON":
        words = list(re.finditer(r"[^\W\d_]+", span["text"]))
        titles = [word for word in words if word[0].lower() in TITLES]
        if len(titles) < len(words):
            kept.difference_update(place for word in titles for place in range(*word.span()))
    return frozenset(span["start"] + place for place in kept or range(len(span["text"])))


def _count(counts: Counts, document: Document, findings: Sequence[Finding]) -> None:
    masked = {place for finding in findings for place in range(finding.start, finding.end)}
    counts.documents += 1
    counts.words += len(re.findall(r"\w+", document.text))
    safe: dict[tuple[str, str], bool] = defaultdict(lambda: True)
    for span in document.spans:
        needed = identifying(span)
        counts.mentions += 1
        counts.identifying += len(needed)
        counts.masked += len(needed & masked)
        safe[span["label"], span["entity_id"]] &= needed <= masked
        if needed <= masked:
            counts.covered += 1
        else:
            counts.wrong.append(f"{document.name}: {span['label']} left: {span['text']!r}")
    counts.entities += len(safe)
    counts.protected += sum(safe.values())
    false = _count_findings(counts, document, findings)
    if document.spans:
        counts.holding += 1
        counts.without_leak += all(safe.values())
    else:
        counts.clean += 1
        counts.untouched += not false
    _count_labels_and_links(counts, document, findings)


def _count_findings(counts: Counts, document: Document, findings: Sequence[Finding]) -> int:
    """Count what was found and how much of it is personal data; give back how much is not."""
    false = 0
    for finding in findings:
        if any(_overlap(finding, span["start"], span["end"]) > 0 for span in document.spans):
            counts.findings += 1
            counts.right += 1
        elif not any(_overlap(finding, place["start"], place["end"]) > 0 for place in document.neutral):
            counts.findings += 1
            false += 1
            found = document.text[finding.start : finding.end]
            counts.wrong.append(f"{document.name}: not {finding.label}: {found!r} ({finding.reason})")
    return false


def _count_labels_and_links(counts: Counts, document: Document, findings: Sequence[Finding]) -> None:
    linked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for span in document.spans:
        best = max(findings, key=lambda finding: _overlap(finding, span["start"], span["end"]), default=None)
        if best is None or _overlap(best, span["start"], span["end"]) <= 0:
            continue
        counts.overlapped += 1
        counts.labelled += best.label == span["label"]
        linked[span["label"]].append((span["entity_id"], best.entity))
    for mentions in linked.values():
        for (one, found), (other, found_other) in combinations(mentions, 2):
            counts.pairs += one == other
            counts.pairs_found += found == found_other
            counts.pairs_right += one == other and found == found_other


def _overlap(finding: Finding, start: int, end: int) -> int:
    return min(finding.end, end) - max(finding.start, start)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
