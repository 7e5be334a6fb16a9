"""Beginnings of sentences: each assessor's own, a few of them, none twice, and no part of the record."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import stems
from portfolio.assessment.models import FeedbackStem
from portfolio.assessment.stems import KEPT_MOST, STARTERS, WORDS_MOST, Stem
from portfolio.audit.models import AuditEvent
from portfolio.errors import Rejected
from tests.cast import Cast


def keep(session: Session, cast: Cast, words: str, name: str = "marguerite") -> FeedbackStem:
    """Somebody keeps some words, and none of those that were ready-made."""
    is_first = not stems.kept_by(session, cast.people[name])
    kept = stems.keep(session, cast.actor(name, session), words)
    for stem in stems.kept_by(session, cast.people[name]) if is_first else []:
        if stem.id != kept.id:
            stems.drop(session, session.get_one(FeedbackStem, stem.id))
    return kept


def words_of(session: Session, cast: Cast, name: str = "marguerite") -> list[str]:
    """What stands beside somebody's feedback."""
    return [stem.words for stem in stems.stems_of(session, cast.people[name])]


def test_who_keeps_none_is_offered_some(session: Session, cast: Cast) -> None:
    assert stems.stems_of(session, cast.people["marguerite"]) == [Stem(None, words) for words in STARTERS]
    assert stems.kept_by(session, cast.people["marguerite"]) == []
    assert max(map(len, STARTERS)) <= WORDS_MOST


@pytest.mark.parametrize(("words", "added"), [("I could see that you", ["I could see that you"]), ("SHOW where", [])])
def test_who_keeps_their_first_keeps_those_too(session: Session, cast: Cast, words: str, added: list[str]) -> None:
    """What stood beside the feedback until now does not vanish."""
    marguerite = cast.actor("marguerite", session)
    kept = stems.keep(session, marguerite, words)
    assert words_of(session, cast) == [*STARTERS, *added]
    assert kept.words.casefold() == words.casefold()
    stems.keep(session, marguerite, "One more")
    assert words_of(session, cast) == [*STARTERS, *added, "One more"]


def test_who_drops_them_all_is_offered_them_again(session: Session, cast: Cast) -> None:
    stems.drop(session, keep(session, cast, "I could see that you"))
    assert stems.stems_of(session, cast.people["marguerite"])[0].id is None


def test_what_is_kept_is_ones_own_in_its_order(session: Session, cast: Cast) -> None:
    keep(session, cast, "I could see that you")
    keep(session, cast, "Show where")
    keep(session, cast, "Well put:", "tobias")
    session.commit()
    assert words_of(session, cast) == ["I could see that you", "Show where"]
    assert words_of(session, cast, "tobias") == ["Well put:"]
    assert words_of(session, cast, "dafydd") == list(STARTERS)


def test_starters_that_are_kept_are_not_offered_again(session: Session, cast: Cast) -> None:
    keep(session, cast, "Well put:")
    keep(session, cast, "SHOW where")
    kept = stems.kept_by(session, cast.people["marguerite"])
    assert stems.offered_beside(kept) == [words for words in STARTERS if words != "Show where"]
    assert stems.offered_beside([]) == list(STARTERS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "Write the beginning"),
        (" \n ", "Write the beginning"),
        ("a" * (WORDS_MOST + 1), f"{WORDS_MOST} characters"),
        ("show  WHERE", "already"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(session: Session, cast: Cast, words: str, message: str) -> None:
    keep(session, cast, "Show where")
    other = keep(session, cast, "Next time")
    with pytest.raises(Rejected, match=message) as refused:
        keep(session, cast, words)
    assert refused.value.field == "words"
    with pytest.raises(Rejected, match=message):
        stems.change(session, cast.actor("marguerite", session), other, words)
    assert words_of(session, cast) == ["Show where", "Next time"]


def test_words_are_kept_on_one_line(session: Session, cast: Cast) -> None:
    assert keep(session, cast, "  You kept\n to ").words == "You kept to"
    keep(session, cast, "a" * WORDS_MOST)


def test_changing_keeps_the_place(session: Session, cast: Cast) -> None:
    first = keep(session, cast, "Show where")
    keep(session, cast, "Next time")
    marguerite = cast.actor("marguerite", session)
    stems.change(session, marguerite, first, "Say where")
    assert words_of(session, cast) == ["Say where", "Next time"]
    stems.change(session, marguerite, first, "SAY where")
    assert words_of(session, cast) == ["SAY where", "Next time"]


def test_what_is_dropped_is_gone_and_makes_room(session: Session, cast: Cast) -> None:
    made = [keep(session, cast, f"Sentence {number}") for number in range(KEPT_MOST)]
    with pytest.raises(Rejected, match="Drop one first"):
        keep(session, cast, "One more")
    keep(session, cast, "Mine", "tobias")
    stems.drop(session, made[3])
    keep(session, cast, "One more")
    assert words_of(session, cast)[-2:] == [f"Sentence {KEPT_MOST - 1}", "One more"]
    assert "Sentence 3" not in words_of(session, cast)


def test_none_of_it_is_told_in_the_trail(session: Session, cast: Cast) -> None:
    before = session.scalars(select(AuditEvent.id)).all()
    stem = keep(session, cast, "Show where")
    stems.change(session, cast.actor("marguerite", session), stem, "Say where")
    session.commit()
    stems.drop(session, stem)
    session.commit()
    assert session.scalars(select(AuditEvent.id)).all() == before
