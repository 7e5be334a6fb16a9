"""Letters about notices, as text. Pure.

A letter says that there is something, and nothing of what it is: no learner, no title, no words of anybody; and it
holds one address, the installation's own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portfolio.notices.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class News:
    """What a letter may know of one notice. `refs` are the references of its items; empty for a notice of a unit."""

    kind: NoticeKind
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A subject line and a body."""

    subject: str
    body: str


def write(*, name: str, centre_name: str, address: str, news: Sequence[News], worded: Callable[[str], str]) -> Text:
    """One letter for everything that somebody is told; `address` is where their notices are.

    `worded` says the standard words that stand in braces as the centre says them.
    """
    said = [worded(sentence) for sentence in sentences(news)]
    subject = said[0].rstrip(".") if len(said) == 1 else f"{len(said)} things to know at NVQ Portfolio"
    told = "\n".join(said) if len(said) == 1 else "\n".join(f"- {sentence}" for sentence in said)
    body = f"""Hello {name},

{told}

Sign in to see it:

{address}

Which letters you get is yours to choose: sign in and open Account.

NVQ Portfolio, {centre_name}

This message was sent by a program. Please do not answer it; if you did not expect it, tell your centre.
"""
    return Text(subject, body)


def sentences(news: Sequence[News]) -> list[str]:
    """A sentence for each kind of thing, in the order of the kinds; standard words stand in braces."""
    by_kind: dict[NoticeKind, list[News]] = {}
    for one in news:
        by_kind.setdefault(one.kind, []).append(one)
    return [SENTENCES[kind](by_kind[kind]) for kind in NoticeKind if kind in by_kind]


def _counted(one: str, many: str) -> Callable[[Sequence[News]], str]:
    def sentence(news: Sequence[News]) -> str:
        count = sum(len(each.refs) or 1 for each in news)
        return one if count == 1 else many.format(count)

    return sentence


def _feedback(news: Sequence[News]) -> str:
    refs = list(dict.fromkeys(ref for each in news for ref in each.refs))
    listed = " and ".join([", ".join(refs[:-1]), refs[-1]] if len(refs) > 1 else refs)
    return f"You have feedback on {listed}." if listed else "You have feedback."


SENTENCES: Mapping[NoticeKind, Callable[[Sequence[News]], str]] = {
    NoticeKind.SUBMITTED: _counted("An item waits for you to mark.", "{} items wait for you to mark."),
    NoticeKind.COUNTERSIGN: _counted(
        "A decision waits for your countersignature.", "{} decisions wait for your countersignature."
    ),
    NoticeKind.COUNTERSIGNED: _counted(
        "A decision of yours was countersigned.", "{} decisions of yours were countersigned."
    ),
    NoticeKind.FEEDBACK: _feedback,
    NoticeKind.SIGNED_OFF: _counted("{A unit} of yours was signed off.", "{} {{units}} of yours were signed off."),
    NoticeKind.REOPENED: _counted("{A unit} of yours was opened again.", "{} {{units}} of yours were opened again."),
    NoticeKind.CRITERIA: _counted(
        "{A unit} of yours was moved to newer criteria.", "{} {{units}} of yours were moved to newer criteria."
    ),
    NoticeKind.STAY_ASKED: _counted(
        "You are asked whether something in an item may stay.", "You are asked whether something in {} items may stay."
    ),
    NoticeKind.STAY_ANSWERED: _counted(
        "You have an answer about what may stay in an item.", "You have answers about what may stay in {} items."
    ),
    NoticeKind.SECOND_FACTOR: lambda _news: "Something changed about the second step of your sign-in.",
}
