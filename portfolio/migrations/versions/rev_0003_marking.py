"""Marking at speed: notes of records, self-checks, further criteria on what was handed in, who has an item open, stems,
units signed off with signatures, and notices.

A claim that was handed in may become a draft again in one case: it was a further one, and its submission is withdrawn.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop, never_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SAME_VERSION = (
    "NEW.evidence_id = OLD.evidence_id AND NEW.no = OLD.no AND NEW.uid = OLD.uid AND NEW.frozen_at = OLD.frozen_at "
    "AND COALESCE(NEW.event_on, '0001-01-01') = COALESCE(OLD.event_on, '0001-01-01') "
)
IS_WITHDRAWAL = (
    "(OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND "
    + SAME_VERSION
    + "AND NEW.title = OLD.title AND NEW.context = OLD.context AND NEW.body = OLD.body AND NEW.role = OLD.role "
    "AND NEW.amended = OLD.amended AND NEW.digest = OLD.digest {same_notes}"
    "AND CAST(NEW.custody AS TEXT) = CAST(OLD.custody AS TEXT))"
)
OPEN_BREACH = "EXISTS (SELECT 1 FROM breach WHERE evidence_id = OLD.evidence_id AND mended_at IS NULL)"
IS_AMENDMENT = (
    "(NEW.amended = OLD.amended + 1 AND " + SAME_VERSION + "AND NEW.created_at = OLD.created_at "
    "AND COALESCE(NEW.withdrawn_at, '0001-01-01') = COALESCE(OLD.withdrawn_at, '0001-01-01') "
    f"AND {OPEN_BREACH})"
)
SAME_CLAIM = (
    "NEW.uid = OLD.uid AND NEW.criterion_id = OLD.criterion_id AND NEW.origin = OLD.origin "
    "AND NEW.evidence_version_id = OLD.evidence_version_id AND NEW.enrolment_unit_id = OLD.enrolment_unit_id "
)
OPEN_BREACH_OF_ITEM = (
    "EXISTS (SELECT 1 FROM breach JOIN evidence_version ON evidence_version.evidence_id = breach.evidence_id "
    "WHERE evidence_version.id = OLD.evidence_version_id AND breach.mended_at IS NULL)"
)
IS_CLAIM_AMENDMENT = (
    f"(NEW.amended = OLD.amended + 1 AND {SAME_CLAIM} AND NEW.submission_id = OLD.submission_id "
    f"AND {OPEN_BREACH_OF_ITEM})"
)
IS_OF_WITHDRAWN = (
    "EXISTS (SELECT 1 FROM submission_item JOIN submission ON submission.id = submission_item.submission_id "
    "WHERE submission.id = OLD.submission_id AND submission.state = 'withdrawn' AND submission_item.is_further "
    "AND submission_item.evidence_version_id = OLD.evidence_version_id)"
)
IS_TAKEN_BACK = (
    "(NEW.submission_id IS NULL AND NEW.amended = OLD.amended AND NEW.annotation = OLD.annotation "
    f"AND NEW.place = OLD.place AND {SAME_CLAIM} AND {IS_OF_WITHDRAWN})"
)


def _of_versions(same_notes: str) -> Guard:
    allowed = f"{IS_WITHDRAWAL.format(same_notes=same_notes)} OR {IS_AMENDMENT}"
    return Guard("evidence_version", "UPDATE", f"OLD.frozen_at IS NOT NULL AND NOT ({allowed})")


BEFORE = [
    _of_versions(""),
    Guard("claim", "UPDATE", f"OLD.submission_id IS NOT NULL AND NOT {IS_CLAIM_AMENDMENT}"),
]
"""As they stand without what this revision adds."""

AFTER = [
    _of_versions("AND CAST(NEW.notes AS TEXT) = CAST(OLD.notes AS TEXT) "),
    Guard("claim", "UPDATE", f"OLD.submission_id IS NOT NULL AND NOT ({IS_CLAIM_AMENDMENT} OR {IS_TAKEN_BACK})"),
    Guard(
        "submission",
        "UPDATE",
        "NEW.enrolment_id <> OLD.enrolment_id OR NEW.no <> OLD.no OR NEW.by_id <> OLD.by_id "
        "OR NEW.submitted_at <> OLD.submitted_at "
        "OR CAST(NEW.declarations AS TEXT) <> CAST(OLD.declarations AS TEXT) "
        "OR CAST(NEW.self_check AS TEXT) <> CAST(OLD.self_check AS TEXT)",
    ),
    *never_changes("unit_decision", "signature"),
]
COLUMNS: list[tuple[str, str, Any, str]] = [
    ("evidence_version", "notes", sa.JSON(), "[]"),
    ("submission", "self_check", sa.JSON(), "[]"),
    ("submission_item", "is_further", sa.Boolean(), "0"),
]
INDEXES = {
    "ix_membership_person_id": ("membership", ["person_id", "centre_id"]),
    "ix_grant_membership_id": ("grant", ["membership_id"]),
    "ix_item_review_released_at": ("item_review", ["assessor_id", "released_at"]),
    "ix_claim_unit": ("claim", ["enrolment_unit_id", "criterion_id", "submission_id", "evidence_version_id"]),
    "ix_claim_submission_id_evidence_version_id": ("claim", ["submission_id", "evidence_version_id"]),
}
"""For who is asking, which every request reads, for what an assessor has released last, and for what is claimed."""
NARROWER = {
    "ix_claim_enrolment_unit_id_criterion_id": ("claim", ["enrolment_unit_id", "criterion_id"]),
    "ix_claim_submission_id": ("claim", ["submission_id"]),
}
"""What wider ones replace."""
TABLES = ("marking_presence", "feedback_stem", "notice_switch", "notice", "signature", "unit_decision")


def upgrade() -> None:
    _guards(drop, BEFORE)
    for table, name, kind, default in COLUMNS:
        given = sa.false() if default == "0" else default
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=given))
    _indexes(made=INDEXES, dropped=NARROWER)
    _add_decisions()
    _add_desk()
    _add_notices()
    _guards(create, AFTER)


def downgrade() -> None:
    _guards(drop, AFTER)
    for table in TABLES:
        op.drop_table(table)
    _indexes(made=NARROWER, dropped=INDEXES)
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
    _guards(create, BEFORE)


def _indexes(*, made: dict[str, tuple[str, list[str]]], dropped: dict[str, tuple[str, list[str]]]) -> None:
    for name, (table, columns) in made.items():
        op.create_index(name, table, columns)
    for name, (table, _columns) in dropped.items():
        op.drop_index(name, table)


def _guards(change: Callable[[Guard, str], list[str]], guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in change(guard, op.get_bind().dialect.name):
            op.execute(statement)


def _add_decisions() -> None:
    op.create_table(
        "unit_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_unit_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_unit_decision_by_id"),
        sa.ForeignKeyConstraint(
            ["enrolment_unit_id"], ["enrolment_unit.id"], name="fk_unit_decision_enrolment_unit_id"
        ),
        sa.ForeignKeyConstraint(["supersedes_id"], ["unit_decision.id"], name="fk_unit_decision_supersedes_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_decision"),
        sa.UniqueConstraint("uid", name="uq_unit_decision_uid"),
        sa.UniqueConstraint("enrolment_unit_id", "no", name="uq_unit_decision_enrolment_unit_id_no"),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role_word", sa.String(length=40), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_signature_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.UniqueConstraint("uid", name="uq_signature_uid"),
    )
    op.create_index("ix_signature_subject", "signature", ["subject"], unique=False)


def _add_desk() -> None:
    op.create_table(
        "marking_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_marking_presence_person_id"),
        sa.ForeignKeyConstraint(
            ["submission_item_id"], ["submission_item.id"], name="fk_marking_presence_submission_item_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_marking_presence"),
        sa.UniqueConstraint("submission_item_id", "person_id", name="uq_marking_presence_submission_item_id_person_id"),
    )
    op.create_table(
        "feedback_stem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_feedback_stem_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_stem"),
        sa.UniqueConstraint("uid", name="uq_feedback_stem_uid"),
    )
    op.create_index("ix_feedback_stem_person_id", "feedback_stem", ["person_id"], unique=False)


def _add_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about_table", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("is_on_screen", sa.Boolean(), nullable=False),
        sa.Column("posting", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_notice_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("uid", name="uq_notice_uid"),
    )
    op.create_index("ix_notice_person_id_centre_id", "notice", ["person_id", "centre_id", "read_at", "is_on_screen"])
    op.create_index("ix_notice_posting", "notice", ["posting"], unique=False)
    op.create_table(
        "notice_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("is_on_screen", sa.Boolean(), nullable=False),
        sa.Column("is_by_mail", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_switch_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice_switch"),
        sa.UniqueConstraint("person_id", "kind", name="uq_notice_switch_person_id_kind"),
    )
