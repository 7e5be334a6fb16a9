"""The page: what the Word book shows, with the files of evidence linked rather than laid out."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portfolio.documents.offline.markup import (
    anchor,
    blocks,
    day,
    facts,
    file_link,
    link,
    table,
    text,
    toned,
)
from portfolio.documents.wordbook.content import (
    AuditPart,
    Book,
    ClaimRow,
    CriterionRow,
    IndexRow,
    ItemPart,
    ReviewPart,
    Said,
    Section,
    UnitPart,
)
from portfolio.documents.wordbook.glossary import Term
from portfolio.documents.wordbook.markup import long_date

_REVIEW = ("Assessor", "Valid", "Authentic", "Reliable", "Current", "Sufficient", "Date", "Feedback")
_ANSWERS = {None: "–", True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A file of an item: its name, where it lies beside the page, and a remark such as how it was redacted."""

    name: str
    path: str
    note: str = ""


def page_of(
    book: Book, items: Iterable[ItemPart], files: Mapping[str, Sequence[Linked]], others: Sequence[Linked]
) -> Iterator[str]:
    """The page in pieces. `files` are by the reference of their item, `others` those of the portfolio as a whole."""
    yield head(f"{book.learner}: {book.qualification}")
    yield f"<header>{_logo(book)}<p>{text(book.centre)}</p><h1>{text(book.learner)}</h1>"
    yield f"<p>{text(book.qualification)}</p>"
    yield f"{facts(book.facts)}<p>As of {text(long_date(book.as_of.date()))}. {text(book.notice)}</p></header>"
    yield _contents(book, others)
    yield "<main>"
    for section in book.opening:
        yield from _section(section)
    for unit in book.units:
        yield from _unit(unit)
    yield from _index(book.index)
    yield '<section id="evidence"><h2>Evidence</h2>'
    for item in items:
        yield from _item(item, files.get(item.ref, ()))
    yield "</section>"
    for section in book.closing:
        yield from _section(section)
    if book.audit:
        yield from _history(book.audit)
    if book.glossary:
        yield from _glossary(book.glossary)
    yield "</main></body></html>\n"


def head(title: str) -> str:
    """The beginning of a page that asks nothing of anybody: its style is in it."""
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f'<meta name="referrer" content="no-referrer"><title>{text(title)}</title>'
        f"<style>{_style()}</style></head><body>"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def _logo(book: Book) -> str:
    if book.logo is None:
        return ""
    data = base64.b64encode(book.logo.data).decode("ascii")
    return f'<img class="logo" alt="{text(book.centre)}" src="data:{book.logo.media_type};base64,{data}">'


def _contents(book: Book, others: Sequence[Linked]) -> str:
    entries = [link(anchor("section", one.key), one.title) for one in book.opening]
    entries += [link(anchor("unit", one.code), f"{one.code} {one.title}") for one in book.units]
    entries += [link("index", "Evidence index"), link("evidence", "Evidence")]
    entries += [link(anchor("section", one.key), one.title) for one in book.closing]
    if book.audit:
        entries.append(link("history", "History"))
    if book.glossary:
        entries.append(link("glossary", "Glossary"))
    listed = "".join(f"<li>{entry}</li>" for entry in entries)
    beside = "".join(f"<li>{file_link(one.path, one.name)} {text(one.note)}</li>" for one in others)
    return (
        f'<nav aria-label="Contents"><h2>Contents</h2><ul class="contents">{listed}</ul>'
        f"<h2>Also in this bundle</h2><ul>{beside}</ul></nav>"
    )


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{anchor("section", section.key)}"><h2>{text(section.title)}</h2>'
    if section.lead:
        yield f"<p>{text(section.lead)}</p>"
    yield from (f"<p>{text(note)}</p>" for note in section.notes)
    if section.rows:
        yield from table(section.head, ([_said(cell) for cell in row] for row in section.rows), section.title)
    yield "</section>"


def _said(cell: Said) -> str:
    said = toned(cell.text, cell.tone)
    if cell.unit:
        said = link(anchor("unit", cell.unit), cell.text or cell.unit)
    return " ".join(filter(None, [said, *(link(anchor("item", ref), ref) for ref in cell.refs)]))


def _unit(unit: UnitPart) -> Iterator[str]:
    yield f'<section id="{anchor("unit", unit.code)}"><h2>{text(f"{unit.code} {unit.title}")}</h2>{facts(unit.facts)}'
    yield from (f"<p>{text(words)}</p>" for words in (unit.note, unit.summary, *unit.sign_offs) if words)
    for outcome in unit.outcomes:
        yield f"<h3>{text(f'{outcome.code} {outcome.title}')}</h3>"
        rows = (_criterion(unit.code, criterion) for criterion in outcome.criteria)
        label = f"Matrix of {unit.code} {outcome.code}"
        yield from table(("Criterion", "State", "Evidence and decisions"), rows, label)
    if unit.gaps:
        yield "<h3>Still needed</h3><ul>"
        for gap in unit.gaps:
            name = anchor("criterion", unit.code, gap.code)
            yield f"<li>{link(name, gap.code)} {text(gap.text)} <small>{text(gap.reason)}</small></li>"
        yield "</ul>"
    if unit.feedback:
        yield "<h3>Feedback</h3>"
        for one in unit.feedback:
            about = f"{link(anchor('item', one.ref), one.ref)} " if one.ref else ""
            yield f"<h4>{about}{text(', '.join(filter(None, (one.by, one.role))))}, {day(one.on)}</h4>"
            yield from blocks(one.blocks)
    yield "</section>"


def _criterion(unit: str, criterion: CriterionRow) -> list[str]:
    name = anchor("criterion", unit, criterion.code)
    said = f'<span id="{name}">{text(f"{criterion.code} {criterion.text}")}</span>'
    note = f"<br><small>{text(criterion.note)}</small>" if criterion.note else ""
    entries = (
        " ".join(
            filter(
                None,
                (
                    link(anchor("item", one.ref), one.ref),
                    text(one.method),
                    toned(one.decision, one.tone),
                    day(one.decided_on) if one.decided_on else "",
                    text(one.initials),
                ),
            )
        )
        for one in criterion.entries
    )
    return [said + note, toned(criterion.state, criterion.tone), "<br>".join(entries) or "–"]


def _index(index: Iterable[IndexRow]) -> Iterator[str]:
    yield '<section id="index"><h2>Evidence index</h2>'
    yield from table(
        ("Ref.", "Title", "Date", "Method", "Criteria", "Where it is"),
        (
            [
                link(anchor("item", one.ref), one.ref) if one.in_book else text(one.ref),
                text(one.title),
                day(one.event_on),
                text(one.method),
                "<br>".join(
                    f"{text(cited.unit)} "
                    + ", ".join(link(anchor("criterion", cited.unit, code), code) for code in cited.codes)
                    for cited in one.criteria
                )
                or "–",
                text(one.held),
            ]
            for one in index
        ),
        "Evidence index",
    )
    yield "</section>"


def _item(item: ItemPart, files: Sequence[Linked]) -> Iterator[str]:
    yield f'<article id="{anchor("item", item.ref)}"><h3>{text(f"{item.ref} {item.title}")}</h3>{facts(item.facts)}'
    if files:
        yield "<h4>Files</h4><ul>"
        yield from (f"<li>{file_link(one.path, one.name)} <small>{text(one.note)}</small></li>" for one in files)
        yield "</ul>"
    if item.claims:
        yield "<h4>Criteria claimed</h4>"
        yield from table(
            ("Criterion", "How it is met", "Decision", "Feedback"),
            map(_claim, item.claims),
            f"Criteria claimed with {item.ref}",
        )
    if item.reviews:
        yield "<h4>Decision</h4>"
        yield from table(_REVIEW, map(_review, item.reviews), f"Decision on {item.ref}")
    if item.body:
        yield f"<h4>{text(item.body_title)}</h4>"
        yield from blocks(item.body)
    yield "</article>"


def _claim(claim: ClaimRow) -> list[str]:
    where = f"<br><small>Where: {text(claim.place)}</small>" if claim.place else ""
    note = f"<br><small>{text(claim.note)}</small>" if claim.note else ""
    decided = " ".join(filter(None, (day(claim.decided_on) if claim.decided_on else "", text(claim.by))))
    return [
        f"{link(anchor('criterion', claim.unit, claim.code), f'{claim.unit} {claim.code}')} {text(claim.text)}{note}",
        f"{text(claim.annotation)}{where}",
        f"{toned(claim.decision, claim.tone)}<br>{decided}",
        text(claim.feedback),
    ]


def _review(review: ReviewPart) -> list[str]:
    ticks = (review.valid, review.authentic, review.reliable, review.current, review.sufficient)
    who = "<br>".join(text(words) for words in (review.assessor, review.role, review.countersigned) if words)
    return [who, *(_ANSWERS[tick] for tick in ticks), day(review.on), text(review.feedback)]


def _history(audit: AuditPart) -> Iterator[str]:
    yield f'<section id="history"><h2>History</h2><p>{text(audit.note)}</p>{facts(audit.facts)}'
    rows = (
        [str(one.seq), text(f"{one.at:%d %b %Y, %H:%M}"), text(one.who), text(one.role), text(one.what)]
        for one in audit.rows
    )
    yield from table(("No.", "When", "Who", "Role", "What"), rows, "History")
    yield "</section>"


def _glossary(terms: Iterable[Term]) -> Iterator[str]:
    listed = "".join(f"<dt>{text(one.word)}</dt><dd>{text(one.meaning)}</dd>" for one in terms)
    yield f'<section id="glossary"><h2>Glossary</h2><dl>{listed}</dl></section>'
