"""Lists of people: who comes, who is here, what is wrong; each comes as a single invitation would bring them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.accounts.inviting import Invitation, invite_all
from portfolio.accounts.models import Membership, Person, Token
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.centres.terms import NONE, filled
from portfolio.errors import InvalidState, Rejected
from portfolio.imports.people import KNOWN
from portfolio.imports.rules import Fate, ImportKind
from portfolio.notices.models import Notice
from tests.cast import Cast
from tests.imports.lists import done, fates, faults, planned

PEOPLE = ImportKind.PEOPLE


def test_everybody_comes_as_a_single_invitation_would_bring_them(session: Session, cast: Cast) -> None:
    """A person, a role, a link and an event each; olga, whom another centre knows, is not made anew and is told."""
    before = session.scalar(select(func.count()).select_from(Person))
    text = "Name,Email,Role\nTaylor,  NIA@Example.org ,Candidate\nOlga X,olga@example.org,IQA\nObi,obi@example.org,\n"
    plan = done(session, cast, PEOPLE, text.replace("Taylor", '"Taylor, Nia"'))
    assert fates(plan) == [Fate.NEW] * 3
    assert [line.said for line in plan.lines] == [
        "Comes as a learner", "Comes as an internal quality assurer", "Comes as a learner",
    ]  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Person)) == (before or 0) + 2
    rows = session.execute(
        select(Person.name, Membership.role, Token.kind)
        .join(Membership, Membership.person_id == Person.id)
        .join(Token, Token.person_id == Person.id)
        .where(Membership.centre_id == cast.homes["ada"], Token.centre_id == cast.homes["ada"])
        .where(Person.email.in_(["nia@example.org", "olga@example.org", "obi@example.org"]))
        .order_by(Person.name)
    ).all()
    assert [(row.name, row.role) for row in rows] == [
        ("Nia Taylor", Role.LEARNER), ("Obi", Role.LEARNER), ("Olga Whitcombe", Role.IQA),
    ]  # fmt: skip
    told = session.scalars(
        select(AuditText.text)
        .join(AuditEvent, AuditEvent.id == AuditText.event_id)
        .where(AuditEvent.verb == "membership.invite")
        .order_by(AuditEvent.id.desc())
        .limit(3)
    ).all()
    assert {text["email"] for text in told} == {"nia@example.org", "olga@example.org", "obi@example.org"}
    notices = session.scalars(select(Notice).where(Notice.person_id == cast.people["olga"], Notice.is_on_screen)).all()
    assert [notice.centre_id for notice in notices] == [cast.homes["olga"]]
    assert proof.verify(cast.installation.database, cast.installation.store).faults == ()


def test_who_is_here_stays_or_gets_another_role(session: Session, cast: Cast) -> None:
    text = (
        "Name,Email,Role\nBen Oyelaran,ben@example.org,learner\nBen Oyelaran,ben@example.org,assessor\n"
        "M. Okonkwo,marguerite@example.org,assessor\nTobias Achterberg,tobias@example.org,assessor\n"
    )
    plan = planned(session, cast, PEOPLE, text)
    assert fates(plan) == [Fate.SAME, Fate.NEW, Fate.SAME, Fate.BAD]
    assert plan.lines[1].said == "Is here already, and gets the role of assessor too"
    assert plan.lines[2].remarks == ("Is here as Marguerite Okonkwo-Lindqvist; the name stays.",)
    assert faults(plan.lines[3]) == [
        "Role: Is here as trainee assessor. If that has changed, say so on the person’s page first."
    ]


def test_what_is_wrong_is_named_with_its_column(session: Session, cast: Cast) -> None:
    text = (
        "First name,Surname,Email,Role\n,,,\n,,x@example.org,\nNia,New,nia@example.org,Learner\n"
        "Nia,New,NIA@example.org,student\nOther,Person,nia@example.org,IQA\nA,B,a b@example.org,king\n"
        f"{'x' * 250},B,long@example.org,\nA,B,a@example.org,learner,more\n"
    )
    plan = planned(session, cast, PEOPLE, text)
    assert [(line.number, *faults(line)) for line in plan.lines] == [
        (3, "Surname: There is no name. Fill it in."),
        (4,),
        (5, "Email: Line 4 says this already. Take one of the two out."),
        (6, "Email: Line 4 gives this address to Nia New. Everybody needs one of their own."),
        (7, "Email: “a b@example.org” is no whole e-mail address, such as name@example.org.",
         f"Role: “king” is no role. Write {filled(NONE, KNOWN)}."),
        (8, "Surname: Keep the name to 200 characters."),
        (9, ": There are more cells than headings: something that parts cells stands in one. Put it in quotes."),
    ]  # fmt: skip
    assert not plan.does_something
    with pytest.raises(InvalidState, match="Some rows cannot be taken"):
        done(session, cast, PEOPLE, text)


def test_the_centres_own_words_for_roles_are_understood(session: Session, cast: Cast) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    centre.terms = {"learner": ["apprentice", "apprentices"]}
    plan = planned(
        session, cast, PEOPLE, "Name,Email,Role\nNia,nia@example.org,Apprentice\nObi,o@example.org,learner\n"
    )
    assert [line.said for line in plan.lines] == ["Comes as an apprentice"] * 2


def test_somebody_of_another_centre_cannot_be_told_from_a_stranger(session: Session, cast: Cast) -> None:
    plan = planned(session, cast, PEOPLE, "Name,Email,Role\nSomebody,olga@example.org,\nSomebody,nia@example.org,\n")
    first, second = plan.lines
    assert (first.fate, first.said, first.remarks) == (second.fate, second.said, second.remarks)
    assert first.who == "Somebody, olga@example.org"


def test_text_that_looks_like_code_is_text(session: Session, cast: Cast) -> None:
    names = [
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "&anchor !!python/object",
        "'; DROP TABLE person;--",
        "{{7*7}}",
    ]
    rows = "".join(f'"{name}",n{number}@example.org,\n' for number, name in enumerate(names))
    done(session, cast, PEOPLE, f"Name,Email,Role\n{rows}")
    kept = session.scalars(select(Person.name).where(Person.email.like("n_@example.org")).order_by(Person.email)).all()
    assert kept == names


@pytest.mark.parametrize(
    "again",
    [
        [Invitation("ben@example.org", "Ben", Role.LEARNER)],
        [Invitation("nia@example.org", "Nia", Role.LEARNER), Invitation("nia@example.org", "Nia", Role.LEARNER)],
    ],
)
def test_nobody_gets_a_role_twice(session: Session, cast: Cast, again: list[Invitation]) -> None:
    """Not even from whoever calls the action without looking first."""
    centre = session.get_one(Centre, cast.homes["ada"])
    with pytest.raises(Rejected):
        invite_all(session, System(), centre, again, is_sent=False)


def test_two_who_import_the_same_at_once_do_it_once(session: Session, cast: Cast) -> None:
    """The second is refused, and stores nothing: the plan that was shown is not what there is any more."""
    text = "Name,Email,Role\nNia,nia@example.org,\n"
    stale = planned(session, cast, PEOPLE, text)
    session.rollback()
    with cast.installation.database.writing() as other:
        done(other, cast, PEOPLE, text)
    centre = session.get_one(Centre, cast.homes["ada"])
    with pytest.raises(Rejected, match="already has this role"):
        stale.carry_out(session, System(), centre, False)


def test_many_cost_few_reads(session: Session, cast: Cast) -> None:
    """As many to look at fifty rows as at five, and to import them."""
    told: list[int] = []
    for count, start in ((5, 0), (50, 100)):
        rows = "".join(f"Person {n},p{n}@example.org,\n" for n in range(start, start + count))
        with counting(session) as seen:
            plan = planned(session, cast, PEOPLE, f"Name,Email,Role\n{rows}")
        told.append(len(seen))
        with counting(session) as seen:
            plan.carry_out(session, System(), session.get_one(Centre, cast.homes["ada"]), False)
        assert len([statement for statement in seen if statement.startswith("SELECT")]) < 12
    assert told[0] >= told[1]


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    """The statements that run within the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
