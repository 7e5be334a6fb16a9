"""What an entry of a trail says, and the kinds of things that entries are about. Pure.

An enrolment's entries say what they say in the Word book. A centre's have their sentences here: what was changed, and
about whom, but no address and nothing that anybody typed about a person.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portfolio.accounts.rules import Role, role_word
from portfolio.enrolment.rules import DUTY_WORDS, Duty
from portfolio.export.trail import sentence

Said = Mapping[str, Any]

SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing to look for, by the beginnings of the verbs that are about it."""

    key: str
    label: str
    subjects: tuple[str, ...]


OF_ENROLMENTS = (
    Kind("enrolment", "Enrolment and {units}", ("enrolment",)),
    Kind("people", "Who is allocated or has sight", ("allocation", "grant")),
    Kind("evidence", "{Evidence}", ("evidence",)),
    Kind("personal", "Personal data", ("personal", "redaction")),
    Kind("handing-in", "Handing in", ("submission",)),
    Kind("decisions", "Decisions and sign-off", ("review", "unit")),
    Kind("word", "Word {portfolio}", ("export",)),
)
OF_CENTRES = (
    Kind("people", "People and roles", ("person", "membership", "invitation")),
    Kind("learners", "{Learners} handed over or shown", ("allocation", "grant")),
    Kind("centre", "Centre and {cohorts}", ("centre", "cohort")),
    Kind("personal", "Personal data", ("personal",)),
    Kind("criteria", "Criteria", ("criteria",)),
    Kind("lists", "Lists in and out", ("import", "coverage")),
    Kind("bundles", "Bundles from elsewhere", ("bundle",)),
    Kind("made", "Bundles made here", ("export",)),
    Kind("upkeep", "What the product does by itself", ("storage", "audit")),
)


def of_enrolment(verb: str, role: str, said: Said | None, shown: Collection[str]) -> str:
    """What an entry of an enrolment says to somebody who may see the items with these references."""
    return sentence(verb, role, said, shown)


def of_centre(verb: str, role: str, said: Said | None, about: str) -> str:
    """What an entry of a centre says; `about` names its subject, empty when nobody knows it."""
    words = SENTENCES.get(verb)
    if words is None:
        return sentence(verb, role, said, ())
    return words(said or {}, about or SOMEBODY)


def _plain(text: str) -> Callable[[Said, str], str]:
    """The same words always, with the subject's name in place of `{}`."""
    return lambda _said, about: text.format(about)


def _filled(known: str, otherwise: str) -> Callable[[Said, str], str]:
    """A sentence made of what the entry says, with the subject as `about`; another one when its words are gone."""

    def words(said: Said, about: str) -> str:
        try:
            return known.format(**{"about": about, **said})
        except (KeyError, IndexError):
            return otherwise.format(about=about)

    return words


def _day(text: object) -> str:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return "a later day"
    return f"{day.day} {day:%B} {day.year}"


def _number(count: object, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {many}" if isinstance(count, int) else many


def _role(said: Said) -> str:
    try:
        return role_word(Role(said["role"]), qualified=bool(said.get("qualified", True)))
    except (KeyError, ValueError):
        return "a role"


def _duty(said: Said) -> str:
    try:
        return DUTY_WORDS[Duty(said["duty"])].lower()
    except (KeyError, ValueError):
        return "a duty"


def _given(said: Said, about: str) -> str:
    when = f" from {_day(said['since'])}" if "since" in said else ""
    return f"Gave {said.get('name', about)} a role{when}: {_role(said)}"


def _invited(said: Said, about: str) -> str:
    return f"Invited {said.get('name', about)}: {_role(said)}"


def _withdrawn(said: Said, about: str) -> str:
    when = f" from {_day(said['on'])}" if "on" in said else ""
    return f"Ended a role of {about}{when}: {_role(said)}"


def _standing(said: Said, about: str) -> str:
    if "qualified" not in said:
        return f"Changed whether {about} is a qualified assessor"
    return (
        f"Noted {about} as {'a qualified' if said['qualified'] else 'a trainee'} assessor from {_day(said.get('on'))}"
    )


def _changes(what: str) -> Callable[[Said, str], str]:
    def words(said: Said, _about: str) -> str:
        rows: Sequence[Any] = said.get("changes", ())
        told = [f"{row[0]} from “{row[1]}” to “{row[2]}”" for row in rows if isinstance(row, list) and len(row) == 3]
        return f"Changed {what}{': ' if told else ''}{'; '.join(told)}"

    return words


def _handed_over(said: Said, _about: str) -> str:
    to, source = said.get("to", SOMEBODY), said.get("from", SOMEBODY)
    until = f" until {_day(said['until'])}" if said.get("until") else ""
    return (
        f"Let {to} take {_number(said.get('count'), 'learner', 'learners')} over from {source}{until} ({_duty(said)})"
    )


def _granted(said: Said, about: str) -> str:
    until = f" until {_day(said['until'])}" if "until" in said else ""
    portfolios = _number(said.get("count"), "portfolio", "portfolios")
    return f"Gave {said.get('person', about)} sight of {portfolios}{until}"


def _imported(said: Said, _about: str) -> str:
    if "count" not in said:
        return "Imported a list"
    return (
        f"Imported a list of {said.get('kind', 'entries')}: {said.get('made', 0)} new, {said.get('changed', 0)} changed"
    )


def _taken_away(said: Said, _about: str) -> str:
    if "rows" not in said:
        return "Downloaded a table of the coverage audit"
    narrowed = f", narrowed to {'; '.join(map(str, said['filters']))}" if said.get("filters") else ""
    kind = str(said.get("kind", "")).upper()
    return f"Downloaded a table of the coverage audit as {kind}: {_number(said['rows'], 'row', 'rows')}{narrowed}"


def _buried(said: Said, _about: str) -> str:
    return f"Destroyed {_number(said.get('removed'), 'file', 'files')} that nothing names any more"


def _swept(said: Said, _about: str) -> str:
    return f"Removed {_number(said.get('removed'), 'file', 'files')} that no item was made of"


def _bundle_asked(said: Said, _about: str) -> str:
    return f"Asked for a bundle of {_number(said.get('portfolios'), 'portfolio', 'portfolios')}"


def _bundle_made(said: Said, _about: str) -> str:
    held = f"; {said['held']} held back" if said.get("held") else ""
    return f"Made a bundle of {_number(said.get('portfolios'), 'portfolio', 'portfolios')}{held}"


def _bundle_held(said: Said, _about: str) -> str:
    return f"Held a bundle back: {_number(said.get('held'), 'portfolio', 'portfolios')} may point to a real person"


def _forgotten(said: Said, _about: str) -> str:
    return f"Removed {_number(said.get('removed'), 'bundle', 'bundles')} from elsewhere that nobody had touched"


def _brought_in(said: Said, _about: str) -> str:
    origin = f" from {said['from']} ({said.get('number', '')})" if said.get("from") else " from elsewhere"
    return f"Brought {_number(said.get('count'), 'portfolio', 'portfolios')} in{origin}"


def _noted(said: Said, _about: str) -> str:
    return f"Noted where the trails of {_number(said.get('count'), 'enrolment', 'enrolments')} end"


def _invitations(said: Said, _about: str) -> str:
    return f"Had {_number(said.get('count'), 'invitation', 'invitations')} sent"


def _recovered(said: Said, _about: str) -> str:
    left = f"; {said['left']} left" if "left" in said else ""
    return f"Signed in with a recovery code{left}"


SENTENCES: dict[str, Callable[[Said, str], str]] = {
    "centre.open": _filled("Opened the centre {name}, number {number}", "Opened the centre"),
    "centre.change_settings": _changes("the settings"),
    "centre.change_terms": _changes("the centre’s words"),
    "centre.bring_in": _brought_in,
    "centre.set_logo": _plain("Set the centre’s logo"),
    "centre.remove_logo": _plain("Took the centre’s logo away"),
    "centre.set_word_template": _plain("Set the centre’s Word template"),
    "centre.remove_word_template": _plain("Took the centre’s Word template away"),
    "cohort.open": _filled("Opened the cohort {name}", "Opened a cohort"),
    "cohort.change": _filled("Changed the cohort {name}", "Changed a cohort"),
    "cohort.close": _filled("Closed the cohort {name}", "Closed a cohort"),
    "membership.invite": _invited,
    "membership.give": _given,
    "membership.withdraw": _withdrawn,
    "membership.change_standing": _standing,
    "invitation.send": _invitations,
    "invitation.write": _plain("Wrote the invitation of {}"),
    "person.make_link": _plain("Made a link with which {} chooses a password"),
    "person.ask_reset": _plain("Sent {} a link to choose a new password"),
    "person.use_invitation": _plain("{} took up the invitation"),
    "person.use_reset": _plain("{} chose a new password by a link"),
    "person.change_password": _plain("Changed the own password"),
    "person.set_password": _plain("Set a password for {}"),
    "person.renew_hash": _plain("Kept the password of {} in a newer form"),
    "person.rename": _filled("Changed the name of {was} to {name}", "Changed a name"),
    "person.invite_again": _plain("Invited {} again"),
    "person.disable": _plain("Closed the account of {}"),
    "person.enable": _plain("Opened the account of {} again"),
    "person.begin_second_factor": _plain("Began to set up a second step of signing in"),
    "person.set_up_second_factor": _plain("Set up a second step of signing in"),
    "person.renew_recovery_codes": _plain("Made new recovery codes"),
    "person.give_up_second_factor": _plain("Gave up the second step of signing in"),
    "person.reset_second_factor": _plain("Took away the second step of {}, to be set up anew"),
    "person.use_recovery_code": _recovered,
    "criteria.load": _filled("Loaded the criteria of {title} ({reference})", "Loaded the criteria of a qualification"),
    "criteria.load_unit": _filled("Loaded the criteria of {code} {title}", "Loaded the criteria of a unit"),
    "import.store": _imported,
    "bundle.take": _plain("Brought a bundle from elsewhere"),
    "bundle.drop": _filled("Removed a bundle from elsewhere: {why}", "Removed a bundle from elsewhere"),
    "bundle.sweep": _forgotten,
    "export.ask": _bundle_asked,
    "export.bundle": _bundle_made,
    "export.hold": _bundle_held,
    "export.remove": _plain("Removed the file of a bundle"),
    "coverage.export": _taken_away,
    "allocation.hand_over": _handed_over,
    "grant.give_many": _granted,
    "storage.bury": _buried,
    "storage.sweep_waiting": _swept,
    "audit.note_heads": _noted,
}
"""What each entry of a centre's trail says, from its words and the name of its subject."""
