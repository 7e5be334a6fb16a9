"""Redacting one file: everything found in it is replaced, and the result is proved before it is written; no
installation is needed. Whatever fails, nothing is written.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import is_zipfile

from portfolio.anonymise.findings import LABEL_WORDS, Known, Label
from portfolio.anonymise.ordinary import is_ordinary
from portfolio.anonymise.pseudonyms import PART_WORDS, Part, pseudonym
from portfolio.anonymise.together import Placed, look_through
from portfolio.commands.anonymise import kind_of
from portfolio.documents.proof.apart import NotProved, prove_apart
from portfolio.documents.proof.values import Proof, Value
from portfolio.documents.redaction import apart
from portfolio.documents.redaction.maker import ARCHIVE
from portfolio.documents.redaction.names import ending_of
from portfolio.documents.redaction.places import says_nothing
from portfolio.documents.redaction.plan import MOST_SWAPS, Plan, Report, Swap, Unread, Why
from portfolio.documents.redaction.spread import spread
from portfolio.documents.redaction.work import Refused, Text
from portfolio.documents.sniff import ENDINGS
from portfolio.errors import Rejected
from portfolio.screening.contents import found_in
from portfolio.screening.parts import guess, likeliest
from portfolio.screening.pieces import Content
from portfolio.screening.scanning import Here

UNSCANNED = {
    Why.PICTURE: "words in a picture: no program has read them",
    Why.SOUND: "what is said: no program is installed that writes it down",
    Why.KIND: "of a kind that nothing here reads, so it is left out",
    Why.BROKEN: "broken, so it is left out",
}
BY_PROGRAM = {
    Why.READ: "words in a picture, which a program found and may have missed some of",
    Why.HEARD: "what is said, which a program wrote down and may have misheard",
}
_NOBODY_KNOWN = Here(Known(), (), (), "")
STOPPED = "Nothing was written. With --allow-unscanned it is, and you look through the rest yourself."
FAILED = "The result still held what was to go, so nothing was written:"


def redact(arguments: argparse.Namespace) -> int:
    """Read all of a file, replace everything that is found, prove the result, and only then put it in its place."""
    source: Path = arguments.file
    target: Path = arguments.out
    if target.exists() and source.exists() and target.samefile(source):
        raise Rejected("Give another name for the result than the file's own.")
    try:
        with TemporaryDirectory(prefix=".portfolio-redact-", dir=target.parent) as folder:
            return _redacted(source, target, Path(folder), may_be_unscanned=arguments.allow_unscanned)
    except (Refused, NotProved) as trouble:
        raise Rejected(f"{source}: {trouble} Nothing was written.") from trouble
    except OSError as error:
        raise Rejected(f"{source} cannot be read, or {target} not be written.") from error


def _redacted(source: Path, target: Path, folder: Path, *, may_be_unscanned: bool) -> int:
    media_type = _kind(source)
    whole = apart.read_whole(source, media_type, folder)
    swaps = spread(swaps_for(by_place(whole.texts)))
    if len(swaps) > MOST_SWAPS:
        raise Refused("More was found in it than can be replaced in one go.")
    if _has_unscanned(whole.unread) and not may_be_unscanned:
        return _stopped(source, whole.unread, ())
    made = folder / "made"
    report = apart.redact(source, media_type, made, Plan(swaps))
    values = [Value(swap.words, swap.label, swap.is_ordinary) for swap in swaps]
    proof = prove_apart(made, report.media_type, values, name=target.name)
    if not proof.is_clean:
        return _failed(proof)
    unread = tuple(dict.fromkeys((*whole.unread, *report.unread)))
    if (_has_unscanned(unread) or proof.unsearched) and not may_be_unscanned:
        return _stopped(source, unread, proof.unsearched)
    made.replace(target)
    _tell(source, target, report, unread, proof)
    return 0


def _kind(source: Path) -> str:
    try:
        return kind_of(source)
    except Rejected:
        if is_zipfile(source) and source.suffix.lower() == ".zip":
            return ARCHIVE
        raise


def by_place(texts: Iterable[Text]) -> dict[str, str]:
    """All that stands in one place of a file as one text, so that what belongs together is seen together."""
    places: dict[str, list[str]] = {}
    for text in texts:
        if text.is_seen or not says_nothing(text.words):
            places.setdefault(text.place, []).append(text.words)
    return {place: "\n".join(words) for place, words in places.items()}


def swaps_for(texts: Mapping[str, str]) -> list[Swap]:
    """Everything that is found in these texts, by their places, with its pseudonym: the same for all mentions of one
    person or thing.
    """
    content = Content(dict(texts), {place: place for place in texts})
    mentions: dict[tuple[Label, str], list[Placed]] = {}
    for one in found_in(content, _NOBODY_KNOWN, lambda asked, _here: look_through(asked)):
        mentions.setdefault((one.finding.label, one.finding.entity), []).append(one)
    said = "\n".join(texts.values())
    last: dict[Label, int] = {}
    swaps: dict[str, Swap] = {}
    for (label, _entity), group in mentions.items():
        part = Part.NONE
        if label is Label.PERSON:
            part = likeliest(guess(texts[one.place], one.finding.start, one.finding.end) for one in group)
        last[label] = _next(label, last.get(label, 0), said)
        stand_in = pseudonym(label, part, last[label])
        for one in group:
            swaps.setdefault(one.words, Swap(one.words, stand_in, label.value, is_ordinary(label, one.words)))
    return list(swaps.values())


def _next(label: Label, last: int, said: str) -> int:
    """The next number whose pseudonym does not stand in the file already."""
    number = last + 1
    parts = PART_WORDS if label is Label.PERSON else (Part.NONE,)
    while any(re.search(rf"\b{re.escape(pseudonym(label, part, number).strip('[]'))}\b", said) for part in parts):
        number += 1
    return number


def _has_unscanned(unread: Iterable[Unread]) -> bool:
    return any(one.why in UNSCANNED for one in unread)


def _stopped(source: Path, unread: Iterable[Unread], unsearched: Iterable[str]) -> int:
    """1, with what nobody has looked through."""
    sys.stderr.write(f"{source}: not all of it could be looked through.\n")
    for line in [*(f"{one.place}: {UNSCANNED[one.why]}" for one in unread if one.why in UNSCANNED), *unsearched]:
        sys.stderr.write(f"  {line}\n")
    sys.stderr.write(f"{STOPPED}\n")
    return 1


def _failed(proof: Proof) -> int:
    """1, with where something was still found, and what sort of thing."""
    sys.stderr.write(f"{FAILED}\n")
    for hit in proof.hits:
        sys.stderr.write(f"  {LABEL_WORDS[Label(hit.label)]}: {hit.place}, {hit.way}\n")
    return 1


def _tell(source: Path, target: Path, report: Report, unread: Sequence[Unread], proof: Proof) -> None:
    print(f"{source} → {target}")
    for label, count in report.counts.items():
        print(f"  {LABEL_WORDS[Label(label)]}: {count} replaced")
    if not report.counts:
        print("  Nothing was found to replace")
    if report.gone:
        print(f"  Gone: {'; '.join(report.gone)}")
    for one in unread:
        print(f"  Look at this yourself: {one.place}: {(UNSCANNED | BY_PROGRAM)[one.why]}")
    for sentence in proof.unsearched:
        print(f"  Look at this yourself: {sentence}")
    print(
        f"  Searched for {proof.values} values in {proof.parts} parts and {len(proof.ways)} ways of writing them, "
        f"with {', '.join(proof.tools)}: nothing is left"
    )
    print(f"  sha256 {proof.sha256}")
    fitting = ENDINGS.get(report.media_type, (ending_of(report.media_type),))
    if any(fitting) and target.suffix.lower() not in fitting:
        sys.stderr.write(f"The result is of another kind than its name says: let it end in {fitting[0]}.\n")
