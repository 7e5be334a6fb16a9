"""Two people, or one in two windows, send at one moment: one wins, the other is answered 409, nothing is lost (R2).

Two hundred pairs on each database, over five kinds of change; `dev.py drill pairs` makes thousands of them. Each pair
begins from what the one before left, and the loser's page carries what they typed as well as what stands.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portfolio import proof
from portfolio.assessment import marking
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, Mark
from portfolio.audit.models import AuditEvent
from portfolio.evidence.models import Evidence
from portfolio.mapping.actions import map_to
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import claims_of, rev_of
from portfolio.mapping.rules import Outcome
from portfolio.web.app import create_app
from tests import cast as casting
from tests.cast import ALL_TICKED, Cast
from tests.drills.pairs import COUNT
from tests.policy.doors import BASE, sign_in

WON, LOST = 303, 409
Data = dict[str, Any]


@dataclass
class Windows:
    """Two windows of the product, each with a person signed in, and the two threads that they send from."""

    cast: Cast
    app: Flask
    threads: ThreadPoolExecutor
    barrier: Barrier = field(default_factory=lambda: Barrier(2, timeout=30))
    doors: dict[str, tuple[str, str]] = field(default_factory=dict)

    def both(self, names: tuple[str, str], paths: tuple[str, str], data: tuple[Data, Data]) -> list[TestResponse]:
        """Both send at once; the answers in the same order."""
        for name in set(names) - set(self.doors):
            self.doors[name] = sign_in(self.app, name)
        sent = [self.threads.submit(self._send, *each) for each in zip(names, paths, data, strict=True)]
        return [one.result() for one in sent]

    def _send(self, name: str, path: str, data: Data) -> TestResponse:
        cookie, token = self.doors[name]
        browser = self.app.test_client(use_cookies=False)
        self.barrier.wait()
        return browser.post(path, base_url=BASE, headers={"Cookie": cookie}, data={**data, "csrf_token": token})

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session to look with."""
        with self.cast.installation.database.reading() as session:
            yield session

    @contextmanager
    def making(self) -> Iterator[Session]:
        """A session whose changes are kept."""
        with self.cast.installation.database.writing() as session:
            yield session
            session.commit()


@pytest.fixture
def windows(cast: Cast) -> Iterator[Windows]:
    """Two windows over the cast's world; at the end the trail and everything that it proves are in order."""
    with ThreadPoolExecutor(2) as threads:
        yield Windows(cast, create_app(cast.installation), threads)
    assert not proof.verify(cast.installation.database, cast.installation.store).faults


@pytest.fixture
def pairs() -> int:
    """How many pairs of each kind."""
    return int(os.environ.get(COUNT, "40"))


def winner_of(answers: list[TestResponse]) -> int:
    """Which of the two won; the other was told so."""
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [WON, LOST], statuses
    return statuses.index(WON)


def typed_pairs(
    windows: Windows, path: str, pairs: int, *, data: Callable[[Session, str], Data], stands: Callable[[Session], str]
) -> None:
    """Amina, or whoever, types something else in each of two windows of one page, again and again."""
    name = "marguerite" if path.startswith("/marking") else "amina"
    for number in range(pairs):
        texts = (f"Left window says {number}.", f"Right window says {number}.")
        with windows.looking() as session:
            both = (data(session, texts[0]), data(session, texts[1]))
        answers = windows.both((name, name), (path, path), both)
        winner = winner_of(answers)
        with windows.looking() as session:
            assert stands(session) == texts[winner]
        page = answers[1 - winner].text
        assert texts[1 - winner] in page, "what the loser typed is lost"
        assert texts[winner] in page, "the loser does not see what stands"


def test_an_account_in_two_windows(windows: Windows, pairs: int) -> None:
    evidence_id = windows.cast.evidence["amina E003"]

    def data(session: Session, text: str) -> Data:
        version = session.get_one(Evidence, evidence_id).latest
        return {"title": version.title, "body": text, "rev": version.rev}

    typed_pairs(
        windows,
        f"/evidence/{evidence_id}/edit",
        pairs,
        data=data,
        stands=lambda session: session.get_one(Evidence, evidence_id).latest.body,
    )


def test_a_mapping_in_two_windows(windows: Windows, pairs: int) -> None:
    evidence_id = windows.cast.evidence["amina E003"]

    def claim_in(session: Session) -> Claim:
        version = session.get_one(Evidence, evidence_id).latest
        return session.scalars(select(Claim).where(Claim.evidence_version_id == version.id)).one()

    def data(session: Session, text: str) -> Data:
        claim = claim_in(session)
        rev = rev_of(claim.evidence_version_id, claims_of(session, claim.evidence_version_id))
        return {"criterion": claim.criterion_id, f"annotation-{claim.criterion_id}": text, "rev": rev}

    typed_pairs(
        windows,
        f"/evidence/{evidence_id}/map",
        pairs,
        data=data,
        stands=lambda session: claim_in(session).annotation,
    )


def test_a_review_in_two_windows(windows: Windows, pairs: int) -> None:
    item_id = windows.cast.items["amina E002"]
    with windows.making() as session:
        marking.open_item(session, windows.cast.actor("marguerite", session), session.get_one(SubmissionItem, item_id))

    def review_in(session: Session) -> ItemReview | None:
        return session.scalars(select(ItemReview).where(ItemReview.submission_item_id == item_id)).one_or_none()

    def data(session: Session, text: str) -> Data:
        review = review_in(session)
        return {"feedback": text, "rev": review.rev if review else 0}

    def stands(session: Session) -> str:
        review = review_in(session)
        return review.feedback if review else ""

    typed_pairs(windows, f"/marking/{item_id}", pairs, data=data, stands=stands)


def test_the_same_item_handed_in_twice(windows: Windows, pairs: int) -> None:
    enrolment_id, evidence_id = windows.cast.enrolments["amina"], windows.cast.evidence["amina E003"]
    sent = {"items": evidence_id, "own_work": "y", "ai_use": "y", "confidential": "y"}
    path = f"/enrolments/{enrolment_id}/hand-in"
    for _ in range(pairs):
        with windows.looking() as session:
            before = session.scalar(select(func.count(Submission.id)))
        answers = windows.both(("amina", "amina"), (path, path), (sent, sent))
        winner_of(answers)
        with windows.looking() as session:
            newest = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
            assert newest is not None
            assert session.scalar(select(func.count(Submission.id))) == (before or 0) + 1
        back = f"/submissions/{newest.id}/withdraw"
        winner_of(windows.both(("amina", "amina"), (back, back), ({}, {})))


def test_two_assessors_release_the_same_item(windows: Windows, pairs: int) -> None:
    for number in range(pairs):
        with windows.making() as session:
            item_id = _noted_by_both(session, windows.cast, number)
        path = f"/marking/{item_id}/release"
        answers = windows.both(("marguerite", "tobias"), (path, path), ({}, {}))
        winner = winner_of(answers)
        with windows.looking() as session:
            state = session.get_one(SubmissionItem, item_id).state
            decided = session.scalars(
                select(Judgement).join(Judgement.review).where(ItemReview.submission_item_id == item_id)
            ).all()
            told = session.scalar(
                select(func.count(AuditEvent.id)).where(
                    AuditEvent.verb == "review.release",
                    AuditEvent.subject.in_(
                        [f"item_review:{review.uid}" for review in session.get_one(SubmissionItem, item_id).reviews]
                    ),
                )
            )
        assert state is (ItemState.RELEASED if winner == 0 else ItemState.COUNTERSIGN)
        assert len(decided) == 1
        assert decided[0].assessor_id == windows.cast.people[("marguerite", "tobias")[winner]]
        assert told == 1


def _noted_by_both(session: Session, cast: Cast, number: int) -> int:
    """A new item of amina's on which marguerite and tobias have both decided; answers its submission item."""
    evidence = casting.write(session, cast.installation, cast, "amina", f"Account {number}", "I listened.")
    claims = casting.wanted(session, evidence.enrolment, {"3.2": "I counted them."})
    map_to(session, cast.actor("amina", session), evidence, wanted=claims)
    item = casting.hand_in(session, cast, "amina", evidence, evidence.ref).items[0]
    marking.open_item(session, cast.actor("marguerite", session), item)
    marks = [Mark(claim.id, Outcome.MET, True, "Clear.") for claim in marking.claims_on(session, item)]
    for name in ("marguerite", "tobias"):
        marking.save_review(session, cast.actor(name, session), item, varc=ALL_TICKED, marks=marks, feedback="Good.")
    return item.id
