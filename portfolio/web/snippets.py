"""What was found in files, in its words: they are cut from the previews, as nothing else keeps them."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from portfolio.documents.codec import Malformed
from portfolio.documents.preview import manifest_of
from portfolio.errors import Unavailable
from portfolio.evidence.file_queries import PreviewRow, previews_of
from portfolio.screening.contents import words_of
from portfolio.screening.review_queries import Hit, Review
from portfolio.web.session import database_session, installation

log = logging.getLogger("portfolio.web")

BESIDE = 50
"""How many characters are shown before and after."""
LOST = "Its words cannot be shown just now"


def with_words(review: Review) -> Review:
    """The same, where what was found in files has its words and what stands beside them."""
    with_hits = [content for content in review.contents if content.hits]
    if not with_hits:
        return review
    rows = previews_of(database_session(), [content.file_id for content in with_hits])
    texts = {file_id: words_in(row) for file_id, row in rows.items()}
    contents = [
        replace(content, hits=tuple(_worded(hit, texts.get(content.file_id, {})) for hit in content.hits))
        for content in review.contents
    ]
    return replace(review, contents=tuple(contents))


def words_in(row: PreviewRow) -> Mapping[str, str]:
    """The texts in which something was found in a file, by their place; empty while they are lost."""
    try:
        return words_of(installation().previews, row.centre_uid, row.sha256, manifest_of(row.manifest)).texts
    except (FileNotFoundError, Malformed, Unavailable) as lost:
        log.warning("What was found in %s cannot be shown: %s", row.sha256, type(lost).__name__)
        return {}


def _worded(hit: Hit, texts: Mapping[str, str]) -> Hit:
    text = texts.get(hit.place, "")
    words = text[hit.start : hit.end]
    if not words:
        return replace(hit, words=LOST)
    before, after = text[: hit.start].rpartition("\n")[2], text[hit.end :].partition("\n")[0]
    return replace(hit, words=words, before=_end_of(before), after=_beginning_of(after))


def _end_of(text: str) -> str:
    """The last words of a text, from a whole word on."""
    return text if len(text) <= BESIDE else f"…{text[-BESIDE:].partition(' ')[2]}"


def _beginning_of(text: str) -> str:
    """The first words of a text, to a whole word."""
    return text if len(text) <= BESIDE else f"{text[:BESIDE].rpartition(' ')[0]}…"
