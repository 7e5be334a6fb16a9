"""Who may do what. Short enough to read aloud to an auditor; everything that is allowed is allowed here."""

from portfolio.accounts.models import Person, SignInSession
from portfolio.accounts.rules import Role
from portfolio.assessment.models import FeedbackStem, Submission, SubmissionItem
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import BundleKind
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.enrolment.models import Cohort, Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.export.models import WordBook
from portfolio.imports.models import ImportDraft
from portfolio.notices.models import Notice
from portfolio.policy.bundle_facts import asked_for_bundle, is_bundle_for, is_bundle_of, is_bundle_of_grants
from portfolio.policy.facts import (
    administers,
    assesses_all_units,
    assesses_every_unit_of_item,
    assesses_unit,
    belongs_to_own_centre,
    brought,
    came_to_own_centre,
    countersigns_every_unit_of_item,
    handed_in,
    has_role_in_centre,
    holds_original,
    is_allocated_assessor,
    is_asked,
    is_assessor_there,
    is_countersigner,
    is_granted,
    is_handed_in,
    is_hidden,
    is_not_hidden,
    is_not_own_enrolment,
    is_not_own_work,
    is_not_withdrawn,
    is_qualified_assessor,
    is_qualified_there,
    is_signed_in_there,
    is_told,
    keeps,
    made,
    owns,
    qualification_is_offered,
    quality_assures,
    reported,
    runs_cohort,
    unit_is_offered,
    version_is_handed_in,
    waits_for_oneself,
    was_handed_in,
    works_with,
)
from portfolio.policy.permissions import Permission
from portfolio.policy.rule import Rule, via
from portfolio.redaction.models import Redaction
from portfolio.screening.models import FindingDecision

is_staff = works_with | quality_assures | administers
sees_learner = is_staff | is_granted
handed_in_by_oneself = handed_in & via(Submission, Submission.enrolment, owns | is_allocated_assessor)

signs_unit = assesses_unit & via(EnrolmentUnit, EnrolmentUnit.enrolment, is_qualified_assessor)

makes_item = made & via(Evidence, Evidence.enrolment, owns | is_allocated_assessor)
mends_item = makes_item | via(Evidence, Evidence.enrolment, administers)
item_is_seen = is_handed_in & via(Evidence, Evidence.enrolment, owns | sees_learner)
version_is_seen = version_is_handed_in & via(
    EvidenceVersion, EvidenceVersion.evidence, is_not_hidden & via(Evidence, Evidence.enrolment, owns | sees_learner)
)

makes_bundle = (
    is_bundle_of(owns | is_staff)
    | is_bundle_for(BundleKind.VISIT, Role.IQA, Role.ADMINISTRATOR)
    | is_bundle_for(BundleKind.CENTRE, Role.ADMINISTRATOR)
)

runs_centre_of_bundle = (
    is_bundle_for(BundleKind.LEARNER, Role.ADMINISTRATOR)
    | is_bundle_for(BundleKind.VISIT, Role.ADMINISTRATOR)
    | is_bundle_for(BundleKind.CENTRE, Role.ADMINISTRATOR)
)


def _of_item(evidence: Rule, enrolment: Rule) -> Rule:
    """An item that nobody has taken back, whose evidence and enrolment are such: each is looked up once."""
    return (
        is_not_withdrawn
        & via(SubmissionItem, SubmissionItem.version, via(EvidenceVersion, EvidenceVersion.evidence, evidence))
        & via(SubmissionItem, SubmissionItem.submission, via(Submission, Submission.enrolment, enrolment))
    )


TABLE: dict[Permission, Rule] = {
    Permission.CENTRE_SEE_PEOPLE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_MANAGE_PEOPLE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_CHANGE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_ANSWER_OVERRIDES: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_MANAGE_COHORTS: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.PERSON_SEE: belongs_to_own_centre,
    Permission.PERSON_MANAGE: belongs_to_own_centre,
    Permission.CENTRE_SEE_COVERAGE: has_role_in_centre(Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR),
    Permission.CENTRE_SEE_CRITERIA: has_role_in_centre(Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR),
    Permission.CENTRE_LOAD_CRITERIA: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_BRING_IN: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.CENTRE_MARK: has_role_in_centre(Role.ASSESSOR),
    Permission.CENTRE_SEE_TRAIL: has_role_in_centre(Role.IQA, Role.ADMINISTRATOR),
    Permission.CENTRE_SEE_BUNDLES: has_role_in_centre(Role.IQA, Role.EQA, Role.ADMINISTRATOR),
    Permission.CENTRE_MAKE_VISIT: has_role_in_centre(Role.IQA, Role.ADMINISTRATOR),
    Permission.CENTRE_MAKE_BUNDLE: has_role_in_centre(Role.ADMINISTRATOR),
    Permission.COHORT_MANAGE: runs_cohort,
    Permission.ENROLMENT_SEE: owns | sees_learner,
    Permission.ENROLMENT_ADD_EVIDENCE: owns,
    Permission.ENROLMENT_ADD_RECORD: is_allocated_assessor,
    Permission.ENROLMENT_SEND_FILES: owns | is_allocated_assessor,
    Permission.ENROLMENT_CHOOSE_UNITS: assesses_all_units | administers,
    Permission.ENROLMENT_SUBMIT: owns,
    Permission.ENROLMENT_CHANGE: administers,
    Permission.ENROLMENT_ALLOCATE: administers,
    Permission.ENROLMENT_PUT_IN_COHORT: administers,
    Permission.ENROLMENT_MAKE_BOOK: owns | is_staff,
    Permission.ENROLMENT_MAKE_BUNDLE: owns | is_staff,
    Permission.ENROLMENT_UNIT_SEE: via(EnrolmentUnit, EnrolmentUnit.enrolment, owns | sees_learner),
    Permission.ENROLMENT_UNIT_SIGN_OFF: signs_unit,
    Permission.ENROLMENT_UNIT_REOPEN: signs_unit
    | via(EnrolmentUnit, EnrolmentUnit.enrolment, quality_assures | administers),
    Permission.EVIDENCE_SEE: makes_item | (is_not_hidden & item_is_seen) | (is_handed_in & mends_item),
    Permission.EVIDENCE_CHANGE: makes_item,
    Permission.EVIDENCE_SIGHT: is_handed_in
    & is_not_hidden
    & via(Evidence, Evidence.enrolment, is_allocated_assessor | is_countersigner | quality_assures),
    Permission.EVIDENCE_HIDE: is_not_hidden
    & ((is_handed_in & via(Evidence, Evidence.enrolment, owns | is_staff)) | (was_handed_in & makes_item)),
    Permission.EVIDENCE_MEND: is_hidden & mends_item,
    Permission.EVIDENCE_SHOW_AGAIN: is_hidden
    & (
        (reported & via(Evidence, Evidence.enrolment, owns | is_staff)) | via(Evidence, Evidence.enrolment, administers)
    ),
    Permission.FINDING_DECISION_ANSWER: is_asked
    & via(FindingDecision, FindingDecision.enrolment, administers & is_not_own_enrolment),
    Permission.WAITING_FILE_REMOVE: waits_for_oneself,
    Permission.FILE_REMOVE: via(
        EvidenceFile, EvidenceFile.version, via(EvidenceVersion, EvidenceVersion.evidence, makes_item)
    ),
    Permission.FILE_REDACT: via(
        EvidenceFile,
        EvidenceFile.version,
        via(EvidenceVersion, EvidenceVersion.evidence, makes_item)
        | (version_is_handed_in & via(EvidenceVersion, EvidenceVersion.evidence, is_hidden & mends_item)),
    ),
    Permission.REDACTION_HOLD: holds_original & via(Redaction, Redaction.enrolment, owns | is_allocated_assessor),
    Permission.FILE_DOWNLOAD: via(
        EvidenceFile,
        EvidenceFile.version,
        version_is_seen
        | via(EvidenceVersion, EvidenceVersion.evidence, makes_item)
        | (version_is_handed_in & via(EvidenceVersion, EvidenceVersion.evidence, mends_item)),
    ),
    Permission.SUBMISSION_SEE: handed_in_by_oneself,
    Permission.SUBMISSION_WITHDRAW: handed_in_by_oneself,
    Permission.ITEM_SEE: _of_item(is_not_hidden, is_allocated_assessor | is_countersigner),
    Permission.ITEM_MARK: _of_item(is_not_hidden & is_not_own_work, is_not_own_enrolment & is_assessor_there)
    & assesses_every_unit_of_item,
    Permission.ITEM_COUNTERSIGN: _of_item(is_not_hidden & is_not_own_work, is_not_own_enrolment & is_qualified_there)
    & countersigns_every_unit_of_item,
    Permission.IMPORT_DRAFT_CHANGE: brought,
    Permission.ARRIVING_DRAFT_CHANGE: came_to_own_centre,
    Permission.NOTICE_SEE: is_told,
    Permission.FEEDBACK_STEM_CHANGE: keeps,
    Permission.SIGN_IN_SESSION_END: is_signed_in_there,
    Permission.QUALIFICATION_VERSION_SEE: qualification_is_offered,
    Permission.UNIT_VERSION_SEE: unit_is_offered,
    Permission.BOOK_SEE: via(WordBook, WordBook.enrolment, owns | sees_learner),
    Permission.KEPT_BUNDLE_SEE: makes_bundle | is_bundle_of_grants,
    Permission.KEPT_BUNDLE_MAKE: makes_bundle,
    Permission.KEPT_BUNDLE_REMOVE: makes_bundle & (asked_for_bundle | runs_centre_of_bundle),
    Permission.BUNDLE_PART_SEE: via(BundlePart, BundlePart.enrolment, owns | is_staff),
}

SEEING: dict[type, Permission] = {
    Person: Permission.PERSON_SEE,
    Cohort: Permission.COHORT_MANAGE,
    Enrolment: Permission.ENROLMENT_SEE,
    EnrolmentUnit: Permission.ENROLMENT_UNIT_SEE,
    Evidence: Permission.EVIDENCE_SEE,
    EvidenceFile: Permission.FILE_DOWNLOAD,
    QualificationVersion: Permission.QUALIFICATION_VERSION_SEE,
    UnitVersion: Permission.UNIT_VERSION_SEE,
    WaitingFile: Permission.WAITING_FILE_REMOVE,
    Submission: Permission.SUBMISSION_SEE,
    SubmissionItem: Permission.ITEM_SEE,
    FindingDecision: Permission.FINDING_DECISION_ANSWER,
    Redaction: Permission.REDACTION_HOLD,
    WordBook: Permission.BOOK_SEE,
    KeptBundle: Permission.KEPT_BUNDLE_SEE,
    BundlePart: Permission.BUNDLE_PART_SEE,
    ImportDraft: Permission.IMPORT_DRAFT_CHANGE,
    ArrivingDraft: Permission.ARRIVING_DRAFT_CHANGE,
    Notice: Permission.NOTICE_SEE,
    FeedbackStem: Permission.FEEDBACK_STEM_CHANGE,
    SignInSession: Permission.SIGN_IN_SESSION_END,
}
"""The permission without which a row does not exist for an actor (404); the lack of another one is a 403."""

UNSEEN = frozenset({Permission.EVIDENCE_SHOW_AGAIN})
"""What may be done with a row that one does not see: who hid an item may take that back."""
