"""Everything that somebody may be allowed to do, each with a sentence."""

from enum import StrEnum
from typing import Self


class Permission(StrEnum):
    """`subject.verb`, in the order of the subjects' layers."""

    def __new__(cls, value: str, sentence: str) -> Self:
        """The value is the name; the sentence is said to whoever asks what it means."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    sentence: str

    CENTRE_SEE_PEOPLE = "centre.see_people", "See who belongs to the centre."
    CENTRE_MANAGE_PEOPLE = "centre.manage_people", "Invite people, give and withdraw roles, enrol and allocate."
    CENTRE_CHANGE = "centre.change", "Change the centre's settings, logo and words."
    CENTRE_ANSWER_OVERRIDES = "centre.answer_overrides", "See what makers of items ask an administrator to let stay."
    CENTRE_MANAGE_COHORTS = "centre.manage_cohorts", "List the centre's cohorts, and open new ones."
    PERSON_SEE = "person.see", "See a person of the centre with their roles and what they do there."
    PERSON_MANAGE = "person.manage", "Give and end roles, rename, invite again, disable and enable again."
    CENTRE_SEE_COVERAGE = "centre.see_coverage", "See how far learners have come, criterion by criterion."
    CENTRE_SEE_CRITERIA = "centre.see_criteria", "See the qualifications and units that the centre works with."
    CENTRE_LOAD_CRITERIA = "centre.load_criteria", "Load criteria packs for the centre."
    CENTRE_BRING_IN = "centre.bring_in", "Bring portfolios in that another centre sent as a bundle."
    CENTRE_MARK = "centre.mark", "Have a marking queue."
    CENTRE_SEE_TRAIL = "centre.see_trail", "Read the centre's trail, have it proved, see who opened what."
    CENTRE_SEE_BUNDLES = "centre.see_bundles", "List the centre's bundles that one may open."
    CENTRE_MAKE_VISIT = "centre.make_visit", "Have a bundle made for the visit of an external quality assurer."
    CENTRE_MAKE_BUNDLE = "centre.make_bundle", "Have a bundle made of everybody at the centre."
    COHORT_MANAGE = "cohort.manage", "See a cohort with its learners, rename it and close it."
    ENROLMENT_SEE = "enrolment.see", "See a learner's enrolment, units and coverage."
    ENROLMENT_ADD_EVIDENCE = "enrolment.add_evidence", "Add evidence to one's own portfolio."
    ENROLMENT_ADD_RECORD = "enrolment.add_record", "Add an observation, a discussion or questions as an assessor."
    ENROLMENT_SEND_FILES = "enrolment.send_files", "Send files that an item is to be made of."
    ENROLMENT_CHOOSE_UNITS = "enrolment.choose_units", "Choose a learner's units, and move them to newer criteria."
    ENROLMENT_SUBMIT = "enrolment.submit", "Hand in one's own evidence."
    ENROLMENT_CHANGE = "enrolment.change", "Change dates and cohort; say that a learner left, finished or came back."
    ENROLMENT_ALLOCATE = "enrolment.allocate", "Allocate assessors and grant an external quality assurer access."
    ENROLMENT_PUT_IN_COHORT = "enrolment.put_in_cohort", "Put a learner into a cohort, or move them to another."
    ENROLMENT_MAKE_BOOK = "enrolment.make_book", "Have the Word portfolio made."
    ENROLMENT_MAKE_BUNDLE = "enrolment.make_bundle", "Have a portfolio made ready to take away whole, as a bundle."
    ENROLMENT_UNIT_SEE = "enrolment_unit.see", "See one unit of a learner's."
    ENROLMENT_UNIT_SIGN_OFF = "enrolment_unit.sign_off", "Sign off a unit as a qualified assessor of the learner."
    ENROLMENT_UNIT_REOPEN = "enrolment_unit.reopen", "Open a unit again that was signed off, and say why."
    EVIDENCE_SEE = "evidence.see", "See an item: the learner always, everybody else once it was handed in."
    EVIDENCE_CHANGE = "evidence.change", "Change, map, revise, discard or restore an item that one made oneself."
    EVIDENCE_SIGHT = "evidence.sight", "Say that one has seen what is held elsewhere."
    EVIDENCE_HIDE = "evidence.hide", "Hide an item at once because somebody's personal data is in it."
    EVIDENCE_MEND = "evidence.mend", "Take personal data out of an item that is hidden for it."
    EVIDENCE_SHOW_AGAIN = "evidence.show_again", "Say that there is nothing to take out of an item that is hidden."
    FINDING_DECISION_ANSWER = (
        "finding_decision.answer",
        "Say whether something that was found in somebody else's item may stay, and see its sentence for that.",
    )
    WAITING_FILE_REMOVE = "waiting_file.remove", "Take away a file that one sent and has not used yet."
    FILE_DOWNLOAD = "file.download", "Download a file of an item."
    FILE_REMOVE = "file.remove", "Take a file out of one's own draft."
    FILE_REDACT = "file.redact", "Have a redacted version of a file made, in a draft of one's own or a hidden item."
    REDACTION_HOLD = "redaction.hold", "Open, and let go, the original of a file that is held for oneself alone."
    SUBMISSION_SEE = "submission.see", "See what one handed in."
    SUBMISSION_WITHDRAW = "submission.withdraw", "Take back what nobody has opened."
    ITEM_SEE = "item.see", "See an item that was handed in, as its assessors see it."
    ITEM_MARK = "item.mark", "Judge an item of an allocated learner, never one's own work."
    ITEM_COUNTERSIGN = "item.countersign", "Countersign a trainee's decision."
    IMPORT_DRAFT_CHANGE = "import_draft.change", "Look at, match, import and throw away a list that one brought."
    ARRIVING_DRAFT_CHANGE = (
        "arriving_draft.change",
        "Look into a bundle that came to the centre, say who is who, bring it in and throw it away.",
    )
    NOTICE_SEE = "notice.see", "See and put away what one was told."
    FEEDBACK_STEM_CHANGE = "feedback_stem.change", "Change or drop the beginning of a sentence that one keeps."
    SIGN_IN_SESSION_END = "sign_in_session.end", "End a session of one's own, wherever it is."
    QUALIFICATION_VERSION_SEE = "qualification_version.see", "See a qualification with its units and rules."
    UNIT_VERSION_SEE = "unit_version.see", "See a unit with its criteria and guidance."
    BOOK_SEE = "book.see", "See and download a Word portfolio that was made."
    KEPT_BUNDLE_SEE = "kept_bundle.see", "See and download a bundle that was made."
    KEPT_BUNDLE_MAKE = "kept_bundle.make", "Have a bundle made that was asked for, or no longer."
    KEPT_BUNDLE_REMOVE = (
        "kept_bundle.remove",
        "Remove the file of a bundle that one asked for, or as administrator any.",
    )
    BUNDLE_PART_SEE = "bundle_part.see", "See what holds a portfolio out of a bundle, and decide what one may of it."
