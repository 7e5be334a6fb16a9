"""Who may do what. Short enough to read aloud to an auditor; everything that is allowed is allowed here."""

from portfolio.accounts.rules import Role
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.export.models import WordBook
from portfolio.policy.facts import (
    administers,
    has_role_in_centre,
    is_allocated_assessor,
    is_countersigner,
    is_granted,
    is_handed_in,
    is_not_own_work,
    is_not_withdrawn,
    owns,
    quality_assures,
    version_is_handed_in,
)
from portfolio.policy.permissions import Permission
from portfolio.policy.rule import Rule, via

is_staff = is_allocated_assessor | is_countersigner | quality_assures | administers
sees_learner = is_staff | is_granted
handed_in_by_oneself = via(Submission, Submission.enrolment, owns)

TABLE: dict[Permission, Rule] = {
    Permission.CENTRE_SEE_PEOPLE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_MANAGE_PEOPLE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_SEE_COVERAGE: has_role_in_centre(Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR),
    Permission.CENTRE_MARK: has_role_in_centre(Role.ASSESSOR),
    Permission.ENROLMENT_SEE: owns | sees_learner,
    Permission.ENROLMENT_ADD_EVIDENCE: owns,
    Permission.ENROLMENT_SUBMIT: owns,
    Permission.ENROLMENT_ALLOCATE: administers,
    Permission.ENROLMENT_MAKE_BOOK: owns | is_staff,
    Permission.EVIDENCE_SEE: via(Evidence, Evidence.enrolment, owns)
    | (is_handed_in & via(Evidence, Evidence.enrolment, sees_learner)),
    Permission.EVIDENCE_CHANGE: via(Evidence, Evidence.enrolment, owns),
    Permission.FILE_REMOVE: via(
        EvidenceFile,
        EvidenceFile.version,
        via(EvidenceVersion, EvidenceVersion.evidence, via(Evidence, Evidence.enrolment, owns)),
    ),
    Permission.FILE_DOWNLOAD: via(
        EvidenceFile,
        EvidenceFile.version,
        via(EvidenceVersion, EvidenceVersion.evidence, via(Evidence, Evidence.enrolment, owns))
        | (
            version_is_handed_in
            & via(EvidenceVersion, EvidenceVersion.evidence, via(Evidence, Evidence.enrolment, sees_learner))
        ),
    ),
    Permission.SUBMISSION_SEE: handed_in_by_oneself,
    Permission.SUBMISSION_WITHDRAW: handed_in_by_oneself,
    Permission.ITEM_SEE: is_not_withdrawn
    & via(
        SubmissionItem,
        SubmissionItem.submission,
        via(Submission, Submission.enrolment, is_allocated_assessor | is_countersigner),
    ),
    Permission.ITEM_MARK: is_not_withdrawn
    & is_not_own_work
    & via(SubmissionItem, SubmissionItem.submission, via(Submission, Submission.enrolment, is_allocated_assessor)),
    Permission.ITEM_COUNTERSIGN: is_not_withdrawn
    & is_not_own_work
    & via(SubmissionItem, SubmissionItem.submission, via(Submission, Submission.enrolment, is_countersigner)),
    Permission.BOOK_SEE: via(WordBook, WordBook.enrolment, owns | sees_learner),
}

SEEING: dict[type, Permission] = {
    Enrolment: Permission.ENROLMENT_SEE,
    Evidence: Permission.EVIDENCE_SEE,
    EvidenceFile: Permission.FILE_DOWNLOAD,
    Submission: Permission.SUBMISSION_SEE,
    SubmissionItem: Permission.ITEM_SEE,
    WordBook: Permission.BOOK_SEE,
}
"""The permission without which a row does not exist for an actor (404); the lack of another one is a 403."""
