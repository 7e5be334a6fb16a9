"""The trail in words, for the audit extract. Pure.

A reader of the book may know less than the trail: what is still a draft, and what an assessor has noted but not
released, shows as having happened and says nothing more. So an item is named only when the book holds it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from portfolio.accounts.rules import TRAINEE
from portfolio.assessment.rules import SHORT_DIGEST, Declaration
from portfolio.enrolment.rules import DUTY_WORDS, Duty
from portfolio.export.rules import Choice, Extent

Said = Mapping[str, Any]


def sentence(verb: str, role: str, said: Said | None, shown: Collection[str]) -> str:
    """What an event says. `said` is its text, None once erased; `shown` are the references that the book holds."""
    words = SENTENCES.get(verb)
    if words is None:
        subject, _, what = verb.partition(".")
        return f"{subject.capitalize()}: {what.replace('_', ' ')}"
    return words(role, said or {}, shown)


def _plain(text: str) -> Callable[[str, Said, Collection[str]], str]:
    return lambda _role, _said, _shown: text


def _about_item(known: str, otherwise: str) -> Callable[[str, Said, Collection[str]], str]:
    """A sentence with the item's reference in place of `{}`, or another one when the book does not hold the item."""
    return lambda _role, said, shown: known.format(said["ref"]) if said.get("ref") in shown else otherwise


def _book(did: str, choice: Callable[[Said], Choice]) -> Callable[[str, Said, Collection[str]], str]:
    """A sentence about a book, with how much of the portfolio it is of."""

    def told(_role: str, said: Said, shown: Collection[str]) -> str:
        chosen = choice(said)
        of_part = {
            Extent.WHOLE: "",
            Extent.UNIT: f" of {chosen.unit} alone",
            Extent.MATRIX: ", the matrix alone",
            Extent.SAMPLE: f", a sample: {_refs(chosen.refs, shown)}",
        }
        return f"{did}{of_part[chosen.extent]}"

    return told


def _asked(role: str, said: Said, shown: Collection[str]) -> str:
    return _book(f"Asked for {_kind(said)}", Choice.of)(role, said, shown)


def _kind(said: Said) -> str:
    """What was wanted: some are told of as a bundle, and say then what else they are."""
    if "profile" in said:
        return "a Leap2A file"
    return "a bundle" if "bundle" in said else "the Word portfolio"


def _held_back(_role: str, said: Said, _shown: Collection[str]) -> str:
    if "bundle" not in said:
        return "Held the Word portfolio back: something in it may point to a real person"
    why = ": something in it may point to a real person" if said.get("places") else ""
    return f"Held the portfolio out of {_kind(said)}{why}"


def _refs(refs: Collection[str], shown: Collection[str]) -> str:
    known = [ref for ref in refs if ref in shown]
    others = len(refs) - len(known)
    if others:
        known.append("1 other item" if others == 1 else f"{others} other items")
    return ", ".join(known) or "an item"


def _mapped(_role: str, said: Said, _shown: Collection[str]) -> str:
    return "Prepared further claims on an item" if "version" in said else "Mapped a draft to criteria"


def _submitted(_role: str, said: Said, shown: Collection[str]) -> str:
    items, further = said.get("items", ()), said.get("further", ())
    about = [_refs([item[0] for item in items], shown)] if items or not further else []
    if further:
        about.append(f"further criteria of {_refs([item[0] for item in further], shown)}")
    is_record = Declaration.WITNESSED in said.get("declarations", ())
    return f"Put {' and '.join(about)} on record" if is_record else f"Handed in {' and '.join(about)}"


def _withdrew(_role: str, said: Said, shown: Collection[str]) -> str:
    return f"Took back {_refs(said.get('items', ()), shown)}"


def _released(role: str, said: Said, shown: Collection[str]) -> str:
    about = _refs([said["ref"]] if said.get("ref") else (), shown)
    if TRAINEE in role:
        return f"Put a decision on {about} forward for countersignature"
    return f"Released a decision on {about}"


def _allocated(_role: str, said: Said, _shown: Collection[str]) -> str:
    return f"Allocated {said.get('person', 'somebody')} ({_duty(said)})"


def _duty(said: Said) -> str:
    return DUTY_WORDS[Duty(said["duty"])].lower() if "duty" in said else "a duty"


def _came(_role: str, said: Said, _shown: Collection[str]) -> str:
    origin = said.get("from", {})
    if not origin:
        return "Brought the portfolio here from elsewhere"
    entries = "1 entry" if origin["seq"] == 1 else f"{origin['seq']:,} entries"
    return f"Brought the portfolio here from {origin['centre']} ({origin['number']}), with {entries} of its trail there"


def _moved(_role: str, said: Said, _shown: Collection[str]) -> str:
    opened = ", ".join(said.get("reopened", ()))
    return f"Moved {said.get('unit', 'a unit')} to newer criteria{f'; open again: {opened}' if opened else ''}"


def _signed_off(_role: str, said: Said, _shown: Collection[str]) -> str:
    forgotten = "; who is who was forgotten with it" if said.get("forgotten") else ""
    return f"Signed off {said.get('unit', 'a unit')}{_signature(said)}{forgotten}"


def _reopened(_role: str, said: Said, _shown: Collection[str]) -> str:
    return f"Opened {said.get('unit', 'a unit')} again, which was signed off{_signature(said)}"


def _signature(said: Said) -> str:
    return f"; signature {said['digest'][:SHORT_DIGEST]}" if "digest" in said else ""


def _handed_over(_role: str, said: Said, _shown: Collection[str]) -> str:
    how = "Let {} stand in for {}" if said.get("for") == "an absence" else "Let {} take over from {}"
    person, source = said.get("person") or said.get("to", "somebody"), said.get("from", "somebody")
    return f"{how.format(person, source)} ({_duty(said)})"


def _days_changed(_role: str, said: Said, _shown: Collection[str]) -> str:
    return f"Changed the days of {said.get('person', 'somebody')} ({_duty(said)})"


def _put_in_cohort(_role: str, said: Said, _shown: Collection[str]) -> str:
    return f"Put the learner into the cohort {said['cohort']}" if said.get("cohort") else "Changed the cohort"


def _granted(_role: str, said: Said, _shown: Collection[str]) -> str:
    return f"Gave {said.get('person', 'an external quality assurer')} sight of this portfolio"


def _places(known: str, otherwise: str) -> Callable[[str, Said, Collection[str]], str]:
    """The same of personal data, with in how many places of the item it stood."""

    def words(_role: str, said: Said, shown: Collection[str]) -> str:
        if said.get("ref") not in shown:
            return otherwise
        count = said.get("count")
        places = f" ({count} {'place' if count == 1 else 'places'})" if isinstance(count, int) and count else ""
        return known.format(said["ref"]) + places

    return words


def _redacted(known: str, otherwise: str) -> Callable[[str, Said, Collection[str]], str]:
    """The same of a file, with in how many places words were replaced, and its hash in short."""

    def words(_role: str, said: Said, shown: Collection[str]) -> str:
        if said.get("ref") not in shown:
            return otherwise
        result = str(said.get("result", ""))[:SHORT_DIGEST]
        return f"{known.format(said['ref'])}: {said.get('replaced', 0)} replaced, SHA-256 {result}"

    return words


def _listed(_role: str, said: Said, _shown: Collection[str]) -> str:
    counts = ((said.get(name), words) for name, words in LISTS.items())
    told = ", ".join(f"{count} {words}" for count, words in counts if isinstance(count, int))
    return f"Changed the words known beforehand{': ' if told else ''}{told}"


LISTS = {"people": "of people", "organisations": "of organisations", "leave_alone": "to leave alone"}
"""What an entry about the lists of known words counts."""


SENTENCES: dict[str, Callable[[str, Said, Collection[str]], str]] = {
    "enrolment.enrol": _plain("Enrolled the learner"),
    "enrolment.import": _came,
    "enrolment.choose_units": _plain("Chose the learner's units"),
    "enrolment.move_unit": _moved,
    "enrolment.change": _plain("Changed the dates or the registration number"),
    "enrolment.cohort": _put_in_cohort,
    "enrolment.finish": _plain("Recorded that the learner has finished"),
    "enrolment.leave": _plain("Recorded that the learner left before the end"),
    "enrolment.return": _plain("Opened the enrolment again"),
    "allocation.begin": _allocated,
    "allocation.change": _days_changed,
    "allocation.hand_over": _handed_over,
    "allocation.end": lambda _role, said, _shown: f"Ended an allocation ({_duty(said)})",
    "grant.give": _granted,
    "grant.give_many": _granted,
    "grant.change": lambda _role, said, _shown: f"Changed how long {said.get('person', 'somebody')} has sight",
    "grant.withdraw": lambda _role, said, _shown: f"Took back the sight of {said.get('person', 'somebody')}",
    "evidence.receive": _plain("Sent a file for an item"),
    "evidence.remove_waiting": _plain("Took away a file that no item was made of"),
    "evidence.add": _about_item("Added {}", "Added a draft"),
    "evidence.change": _plain("Changed a draft"),
    "evidence.remove_file": _plain("Took a file out of a draft"),
    "evidence.map": _mapped,
    "evidence.revise": _plain("Began a new version of an item"),
    "evidence.trash": _plain("Put a draft into the trash"),
    "evidence.restore": _plain("Took a draft out of the trash"),
    "evidence.discard": _plain("Discarded a draft"),
    "evidence.empty_trash": _plain("Discarded drafts that had long been in the trash"),
    "evidence.discard_revision": _plain("Discarded the draft of a new version"),
    "evidence.hide": _about_item("Hid {}: personal data was found in it", "Hid an item"),
    "evidence.unhide": _about_item("Showed {} again: there was nothing to take out", "Showed an item again"),
    "evidence.amend": _about_item("Took personal data out of {}", "Took personal data out of an item"),
    "evidence.sight": _about_item("Recorded seeing {}, where it is kept", "Recorded seeing an item"),
    "personal.replace": _places("Replaced personal data in {}", "Replaced personal data in an item"),
    "personal.keep": _places(
        "Let something stay in {} that looked like personal data", "Let something stay that looked like personal data"
    ),
    "personal.ask": _places("Asked whether something may stay in {}", "Asked whether something in an item may stay"),
    "personal.allow": _places("Allowed something to stay in {}", "Allowed something to stay in an item"),
    "personal.refuse": _places("Refused that something stays in {}", "Refused that something stays in an item"),
    "personal.confirm": _places(
        "Confirmed that personal data is in a file of {}", "Confirmed that personal data is in a file"
    ),
    "personal.check": _about_item(
        "Looked through a file of {} that no program can read", "Looked through a file that no program can read"
    ),
    "personal.undo": _places("Took a decision on personal data in {} back", "Took a decision on personal data back"),
    "personal.mark": _places("Marked personal data in {} that was missed", "Marked personal data that was missed"),
    "personal.relabel": _places("Said of personal data in {} what sort it is", "Said of personal data what sort it is"),
    "personal.part": _plain("Changed who somebody is to the learner, beside a name that stands for them"),
    "personal.merge": _plain("Said that two names are the same person or thing"),
    "personal.split": _plain("Said that names belong to different persons or things"),
    "personal.forget": _plain("Forgot who stands behind the names that were put in place of real ones"),
    "personal.list": _listed,
    "redaction.ask": _about_item("Asked for a redacted file in {}", "Asked for a redacted file"),
    "redaction.make": _redacted("Made and proved a redacted file in {}", "Made and proved a redacted file"),
    "redaction.fail": _about_item("A redacted file in {} failed its proof or could not be made", "A redaction failed"),
    "redaction.use": _redacted("Put a redacted file into {}", "Put a redacted file in the place of its original"),
    "redaction.drop": _plain("Dropped a redacted file that was not used"),
    "redaction.let_go": _plain("Destroyed the original of a redacted file"),
    "submission.submit": _submitted,
    "submission.withdraw": _withdrew,
    "submission.open": lambda _role, said, _shown: f"Opened submission {said.get('no', '')}".rstrip(),
    "review.release": _released,
    "review.countersign": _about_item("Countersigned a decision on {}", "Countersigned a decision"),
    "unit.sign_off": _signed_off,
    "unit.reopen": _reopened,
    "export.ask": _asked,
    "export.make": _book("Made the Word portfolio", lambda said: Choice.of(said.get("choice", {}))),
    "export.bundle": _book("Made a bundle", lambda said: Choice.of(said.get("choice", {}))),
    "export.leap2a": _book("Made a Leap2A file", lambda said: Choice.of(said.get("choice", {}))),
    "export.hold": _held_back,
    "export.remove": _plain("Removed the file of a bundle"),
}
