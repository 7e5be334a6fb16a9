"""The page of one's own account, with each of its forms as it stands or as it came back."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portfolio.accounts import queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.accounts.sessions import open_sessions
from portfolio.assessment.stems import KEPT_MOST, Stem, kept_by, offered_beside
from portfolio.notices.queries import switches
from portfolio.notices.rules import KIND_WORDS, NoticeKind
from portfolio.web import letters
from portfolio.web.accounts.forms import ChangePasswordForm, NameForm, StemForm, ToldForm
from portfolio.web.forms import status
from portfolio.web.pointing import notes_on
from portfolio.web.session import actor, database_session, installation, present_session
from portfolio.web.terms import worded

TOO_MANY = 429
OF_LEARNERS = (NoticeKind.FEEDBACK, NoticeKind.SIGNED_OFF, NoticeKind.REOPENED, NoticeKind.CRITERIA)


def kinds_for(person: Actor) -> list[NoticeKind]:
    """What somebody with these roles is told of."""
    kinds: list[NoticeKind] = []
    if Role.ASSESSOR in person.roles:
        kinds += [NoticeKind.SUBMITTED, NoticeKind.COUNTERSIGNED if person.is_trainee else NoticeKind.COUNTERSIGN]
    if Role.LEARNER in person.roles:
        kinds += OF_LEARNERS
    if person.settings.asks_an_administrator:
        kinds += [NoticeKind.STAY_ANSWERED] if person.roles & {Role.ASSESSOR, Role.LEARNER} else []
        kinds += [NoticeKind.STAY_ASKED] if Role.ADMINISTRATOR in person.roles else []
    return [*kinds, NoticeKind.INVITED]


def centres() -> list[tuple[int, str]]:
    """(id, name) of each centre where the person asking has a role."""
    return queries.centres_of(database_session(), actor().person_id)


def account_page(
    *,
    password: ChangePasswordForm | None = None,
    stem: StemForm | None = None,
    name: NameForm | None = None,
    changed: tuple[int, StemForm] | None = None,
    answer: int = 200,
) -> ResponseReturnValue:
    """The page; `changed` is the form of a stem that is kept, by the stem's id."""
    session, person, hours = database_session(), actor(), installation().settings.session_hours
    is_assessor = Role.ASSESSOR in person.roles
    kept = kept_by(session, person.person_id) if is_assessor else []
    told = switches(session, person.person_id)
    password, stem = password or ChangePasswordForm(formdata=None), stem or StemForm(formdata=None)
    name = name or NameForm(formdata=None, name=person.name)
    page = render_template(
        "accounts/show.html",
        form=password,
        name_form=name,
        others=[(id_, name) for id_, name in centres() if id_ != person.centre_id],
        places=open_sessions(session, person.person_id, hours=hours, present=present_session()),
        idle_minutes=installation().settings.idle_minutes,
        hours=hours,
        told_form=ToldForm(formdata=None),
        told=[(kind, worded(KIND_WORDS[kind]), told[kind]) for kind in kinds_for(person)],
        sends_mail=letters.post().is_set_up,
        is_assessor=is_assessor,
        stems=[(one, _form_of(one, changed)) for one in kept],
        points=notes_on({f"words-{one.id}": one.words for one in kept}, [person.name]),
        offered=offered_beside(kept),
        is_full=len(kept) >= KEPT_MOST,
        stem_form=stem,
    )
    return page, max(answer, *(status(form) for form in (password, stem, name, *([changed[1]] if changed else []))))


def _form_of(stem: Stem, changed: tuple[int, StemForm] | None) -> StemForm:
    form = changed[1] if changed and changed[0] == stem.id else StemForm(formdata=None, words=stem.words)
    form.words.id = f"words-{stem.id}"
    return form
