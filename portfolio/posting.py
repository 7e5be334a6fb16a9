"""Letters about notices: gathered for each person, asked once more whether they may see it, handed to the mail server.

A due notice is the truth. What cannot be handed over is tried again after longer and longer pauses, and given up in the
end; each step is a transaction of its own, and none is open while the server is spoken to.
"""

import logging
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from threading import Event

from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.accounts.inviting import fresh_link
from portfolio.accounts.letters import invitation
from portfolio.accounts.rules import link_address, role_word
from portfolio.assessment.noticed import Sight, noticed
from portfolio.centres import terms
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.mail import Letter, send
from portfolio.notices import actions, queries
from portfolio.notices.letters import News, write
from portfolio.notices.models import Notice
from portfolio.notices.rules import BY_LETTER_OF_ITS_OWN
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission

log = logging.getLogger("portfolio.posting")

AT_ONCE = 100
"""To how many people letters go before other work has its turn."""


class Outcome(Enum):
    """How the handing over of a letter ended."""

    SENT = "sent"
    REFUSED = "refused"
    """The server takes no such letter, ever: an address that cannot be."""
    LATER = "later"
    DOWN = "down"
    """No letter would go just now."""


@dataclass(frozen=True, slots=True)
class Postman:
    """Whoever carries the letters of an installation. `stopping` is set from outside."""

    database: Database
    settings: Settings
    stopping: Event = field(default_factory=Event)

    def post_due(self) -> int:
        """Send letters that are due, to so many people at once; answers how many were handed over."""
        with self.database.reading() as session:
            due = queries.due(session)
        if due and not self.settings.mail.host:
            self._forget()
            return 0
        sent, is_down = 0, False
        for person_id, centre_id in due[:AT_ONCE]:
            if self.stopping.is_set():
                break
            for letter, ids in self._take(person_id, centre_id, is_down=is_down):
                outcome = Outcome.DOWN if is_down else hand_over(self.settings, letter)
                is_down = outcome is Outcome.DOWN
                sent += outcome is Outcome.SENT
                self._note(ids, outcome)
        return sent

    def _forget(self) -> None:
        with self.database.writing() as session:
            actions.forget_letters(session)
            session.commit()

    def _take(self, person_id: int, centre_id: int, *, is_down: bool) -> list[tuple[Letter, list[int]]]:
        """Somebody's letters, each with the notices that it tells of: an invitation goes by itself, all the rest
        together. None of an invitation while the server is down, as each makes a link anew.
        """
        with self.database.writing() as session:
            taken = actions.take(session, person_id=person_id, centre_id=centre_id)
            invited = [notice for notice in taken if notice.kind in BY_LETTER_OF_ITS_OWN]
            notices = [notice for notice in taken if notice not in invited]
            letters = [] if is_down else [each for notice in invited for each in self._invitation(session, notice)]
            if is_down:
                for notice in invited:
                    actions.put_off(notice)
            reader = accounts.actor(session, person_id=person_id, centre_id=centre_id)
            news = news_for(session, reader, notices) if reader is not None else {}
            for notice in notices:
                if notice.id not in news:
                    actions.not_posted(notice)
            session.commit()
        if reader is None or not news:
            return letters
        text = write(
            name=reader.name,
            centre_name=reader.centre_name,
            address=f"{self.settings.url}/notices",
            news=list(news.values()),
            worded=partial(terms.filled, reader.own_words),
        )
        return [*letters, (Letter(reader.name, reader.email, text.subject, text.body), list(news))]

    def _invitation(self, session: Session, notice: Notice) -> Iterator[tuple[Letter, list[int]]]:
        """The letter that invites somebody, with a link that is made for it; none where it is not wanted any more."""
        is_wanted = queries.is_mailed(session, notice.person_id, notice.kind)
        link = fresh_link(session, notice.about_id, is_wanted=is_wanted)
        if link is None:
            actions.not_posted(notice)
            return
        text = invitation(
            name=link.name,
            centre_name=link.centre_name,
            role_word=terms.term(link.own_words, role_word(link.role, qualified=link.qualified)),
            address=link_address(self.settings.url, link.token),
        )
        yield Letter(link.name, link.email, text.subject, text.body), [notice.id]

    def _note(self, notice_ids: list[int], outcome: Outcome) -> None:
        with self.database.writing() as session:
            given_up = 0
            for notice in actions.held(session, notice_ids):
                if outcome is Outcome.SENT:
                    actions.posted(notice)
                else:
                    given_up += actions.put_off(notice, is_hopeless=outcome is Outcome.REFUSED)
            session.commit()
        if given_up:
            log.error("a letter about %d notices was given up", given_up)


def sight_of(reader: Actor) -> Sight:
    """What somebody may see of what their notices are about."""
    return Sight(
        enrolments=visible(reader, Permission.ENROLMENT_SEE),
        evidence=visible(reader, Permission.EVIDENCE_SEE),
        items=visible(reader, Permission.ITEM_SEE),
        units=visible(reader, Permission.ENROLMENT_UNIT_SEE),
    )


def news_for(session: Session, reader: Actor, notices: list[Notice]) -> dict[int, News]:
    """What the reader may still see of these notices, by their ids."""
    seen = noticed(session, reader.person_id, sight_of(reader), [queries.row_of(notice) for notice in notices])
    return {one.notice.id: News(one.notice.kind, tuple(item.ref for item in one.items)) for one in seen if one.is_seen}


def hand_over(settings: Settings, letter: Letter) -> Outcome:
    """Hand a letter to the mail server. What is wrong is logged by its kind: its text may name a person."""
    try:
        send(settings.mail, letter)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        log.warning("a letter was not taken: %s", type(error).__name__)
        return Outcome.LATER
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server cannot be used: %s", type(error).__name__)
        return Outcome.DOWN
    except ValueError as error:
        log.warning("a letter cannot be sent: %s", type(error).__name__)
        return Outcome.REFUSED
    return Outcome.SENT
