"""The trail in words: every verb has a sentence, and none tells more than the book may."""

import re

import pytest

from portfolio.config import ROOT
from portfolio.export.trail import SENTENCES, sentence

SHOWN = {"E001", "E002"}
LEARNER, ASSESSOR, TRAINEE = "learner", "assessor", "trainee assessor"
WHO_RECORD = {
    "actions", "allocating", "amending", "changing", "choosing", "cohorts", "granting", "leaving", "marking",
    "sighting", "signing_off", "submitting", "trashing", "uploading", "answering", "checking", "deciding",
    "forgetting", "known",
    "sorting", "holding", "using", "jobs", "making", "leap2a", "entries",
}  # fmt: skip
OF_ENROLMENTS = ("enrolment", "allocation", "grant", "evidence", "personal", "redaction", "submission", "review",
                 "unit", "export")  # fmt: skip


def test_every_verb_of_an_enrolments_trail_has_a_sentence() -> None:
    written = re.compile(rf'"((?:{"|".join(OF_ENROLMENTS)})\.[a-z0-9_]+)"')
    paths = [path for path in (ROOT / "portfolio").glob("*/*.py") if path.stem in WHO_RECORD]
    verbs = {verb for path in paths for verb in written.findall(path.read_text())}
    assert verbs == set(SENTENCES)


@pytest.mark.parametrize(
    ("verb", "role", "said", "words"),
    [
        ("evidence.add", LEARNER, {"ref": "E001", "title": "A secret"}, "Added E001"),
        ("evidence.add", LEARNER, {"ref": "E003", "title": "A secret"}, "Added a draft"),
        ("evidence.sight", ASSESSOR, {"ref": "E001", "version": 1}, "Recorded seeing E001, where it is kept"),
        ("evidence.sight", ASSESSOR, {"ref": "E003", "version": 1}, "Recorded seeing an item"),
        ("submission.submit", ASSESSOR, {"items": [["E001", 1, "a", "b"]], "declarations": ["witnessed"]},
         "Put E001 on record"),
        ("personal.replace", LEARNER, {"ref": "E001", "count": 3, "pseudonym": "Customer A"},
         "Replaced personal data in E001 (3 places)"),
        ("personal.replace", LEARNER, {"ref": "E003", "count": 3}, "Replaced personal data in an item"),
        ("personal.keep", LEARNER, {"ref": "E001", "count": 1},
         "Let something stay in E001 that looked like personal data (1 place)"),
        ("personal.list", LEARNER, {"people": 2, "organisations": 0, "leave_alone": 5},
         "Changed the words known beforehand: 2 of people, 0 of organisations, 5 to leave alone"),
        ("personal.check", LEARNER, {"ref": "E001"}, "Looked through a file of E001 that no program can read"),
        ("redaction.use", LEARNER, {"ref": "E001", "replaced": 12, "result": "9f" * 32},
         "Put a redacted file into E001: 12 replaced, SHA-256 9f9f9f9f9f9f"),
        ("redaction.use", LEARNER, {"ref": "E003", "replaced": 12, "result": "9f" * 32},
         "Put a redacted file in the place of its original"),
        ("evidence.change", LEARNER, {"ref": "E001", "title": "A secret"}, "Changed a draft"),
        ("submission.submit", LEARNER, {"items": [["E001", 1, "a", "b"], ["E002", 1, "c", "d"]]},
         "Handed in E001, E002"),
        ("submission.submit", LEARNER, {"items": [["E001", 1, "a", "b"], ["E004", 1, "c", "d"]]},
         "Handed in E001, 1 other item"),
        ("submission.submit", LEARNER, {"items": [], "further": [["E001", 1, "a", "b"]]},
         "Handed in further criteria of E001"),
        ("submission.submit", LEARNER, {"items": [["E002", 1, "a", "b"]], "further": [["E004", 1, "c", "d"]]},
         "Handed in E002 and further criteria of 1 other item"),
        ("submission.submit", ASSESSOR,
         {"items": [], "further": [["E001", 1, "a", "b"]], "declarations": ["witnessed"]},
         "Put further criteria of E001 on record"),
        ("evidence.map", LEARNER, {"ref": "E001", "count": 1, "version": 1}, "Prepared further claims on an item"),
        ("evidence.map", LEARNER, {"ref": "E001", "count": 1}, "Mapped a draft to criteria"),
        ("submission.withdraw", LEARNER, {"items": ["E003", "E004"]}, "Took back 2 other items"),
        ("submission.open", ASSESSOR, {"no": 3}, "Opened submission 3"),
        ("review.release", ASSESSOR, {"ref": "E001", "decisions": ["1.1 met"]}, "Released a decision on E001"),
        ("review.release", TRAINEE, {"ref": "E001", "decisions": ["1.1 met"]},
         "Put a decision on E001 forward for countersignature"),
        ("review.countersign", ASSESSOR, {"ref": "E001"}, "Countersigned a decision on E001"),
        ("allocation.begin", "centre administrator", {"person": "Dafydd Prys-Jenkins", "duty": "assess"},
         "Allocated Dafydd Prys-Jenkins (assessor)"),
        ("allocation.hand_over", "centre administrator",
         {"person": "Noel Ash", "from": "Dafydd Prys", "duty": "assess", "for": "good"},
         "Let Noel Ash take over from Dafydd Prys (assessor)"),
        ("allocation.hand_over", "centre administrator",
         {"person": "Noel Ash", "from": "Dafydd Prys", "duty": "countersign", "for": "an absence"},
         "Let Noel Ash stand in for Dafydd Prys (countersigns)"),
        ("allocation.change", "centre administrator", {"person": "Noel Ash", "duty": "assess"},
         "Changed the days of Noel Ash (assessor)"),
        ("grant.change", "centre administrator", {"person": "Ewan Mac"}, "Changed how long Ewan Mac has sight"),
        ("grant.withdraw", "centre administrator", {"person": "Ewan Mac"}, "Took back the sight of Ewan Mac"),
        ("enrolment.leave", "centre administrator", {"on": "2026-11-01", "reason": "A secret"},
         "Recorded that the learner left before the end"),
        ("enrolment.move_unit", ASSESSOR, {"unit": "HRCC", "reopened": ["1.1", "1.2"], "dropped": ["3.1"]},
         "Moved HRCC to newer criteria; open again: 1.1, 1.2"),
        ("enrolment.move_unit", ASSESSOR, {"unit": "HRCC", "reopened": [], "dropped": ["3.1"]},
         "Moved HRCC to newer criteria"),
        ("unit.sign_off", ASSESSOR, {"unit": "HRCC", "no": 1, "digest": "0123456789abcdef" * 4},
         "Signed off HRCC; signature 0123456789ab"),
        ("unit.sign_off", ASSESSOR, {"unit": "HRCC", "no": 1, "digest": "0123456789abcdef" * 4, "forgotten": 3},
         "Signed off HRCC; signature 0123456789ab; who is who was forgotten with it"),
        ("unit.reopen", "centre administrator", {"unit": "HRCC", "no": 2, "digest": "f" * 64},
         "Opened HRCC again, which was signed off; signature ffffffffffff"),
        ("export.ask", LEARNER, None, "Asked for the Word portfolio"),
        ("export.ask", LEARNER,
         {"bundle": "learner", "extent": "sample", "unit": "", "refs": ["E001", "E004"], "has_content": True},
         "Asked for a bundle, a sample: E001, 1 other item"),
        ("export.hold", LEARNER, {"places": 2},
         "Held the Word portfolio back: something in it may point to a real person"),
        ("export.hold", LEARNER, {"bundle": "visit", "places": 2},
         "Held the portfolio out of a bundle: something in it may point to a real person"),
        ("export.remove", LEARNER, {"bundle": "learner"}, "Removed the file of a bundle"),
        ("export.hold", LEARNER, {"bundle": "visit", "places": 0}, "Held the portfolio out of a bundle"),
        ("future.verb_of_ours", LEARNER, {"secret": "A secret"}, "Future: verb of ours"),
    ],
)  # fmt: skip
def test_events_in_words(verb: str, role: str, said: dict[str, object] | None, words: str) -> None:
    assert sentence(verb, role, said, SHOWN) == words


@pytest.mark.parametrize("verb", sorted(SENTENCES))
@pytest.mark.parametrize("role", [LEARNER, TRAINEE])
def test_an_event_whose_text_was_erased_still_has_its_sentence(verb: str, role: str) -> None:
    words = sentence(verb, role, None, SHOWN)
    assert words
    assert "None" not in words
