"""The spine: people, criteria, evidence, judgements, trail."""

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop, never_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = "(SELECT frozen_at FROM evidence_version WHERE id = {row}.version_id) IS NOT NULL"
RELEASED = "(SELECT released_at FROM item_review WHERE id = {row}.review_id) IS NOT NULL"

GUARDS = [
    *never_changes("audit_event", "audit_head", "judgement"),
    *never_changes("qualification_version", "unit_version", "qualification_unit", "outcome", "criterion"),
    *never_changes("guidance", "guidance_criterion"),
    Guard(
        "evidence_version",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL AND NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL "
        "AND NEW.evidence_id = OLD.evidence_id AND NEW.no = OLD.no AND NEW.title = OLD.title "
        "AND NEW.context = OLD.context AND NEW.body = OLD.body AND NEW.digest = OLD.digest "
        "AND NEW.frozen_at = OLD.frozen_at "
        "AND COALESCE(NEW.event_on, '0001-01-01') = COALESCE(OLD.event_on, '0001-01-01') "
        "AND CAST(NEW.custody AS TEXT) = CAST(OLD.custody AS TEXT))",
    ),
    Guard("evidence_version", "DELETE", "OLD.frozen_at IS NOT NULL"),
    Guard("evidence_file", "INSERT", FROZEN.format(row="NEW")),
    Guard("evidence_file", "UPDATE", FROZEN.format(row="OLD")),
    Guard("evidence_file", "DELETE", FROZEN.format(row="OLD")),
    Guard("claim", "UPDATE", "OLD.submission_id IS NOT NULL"),
    Guard("claim", "DELETE", "OLD.submission_id IS NOT NULL"),
    Guard("item_review", "UPDATE", "OLD.released_at IS NOT NULL"),
    Guard("item_review", "DELETE"),
    Guard("review_mark", "INSERT", RELEASED.format(row="NEW")),
    Guard("review_mark", "UPDATE", RELEASED.format(row="OLD")),
    Guard("review_mark", "DELETE"),
    Guard("submission", "DELETE"),
    Guard("submission_item", "DELETE"),
    Guard("blob", "DELETE"),
]
"""What is on record does not change, whoever asks the database."""


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_centre_id_at", "access_log", ["centre_id", "at"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_kind_subject_at", "attempt", ["kind", "subject", "at"], unique=False)

    op.create_table(
        "audit_stream",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_stream"),
        sa.UniqueConstraint("uid", name="uq_audit_stream_uid"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("uid", name="uq_person_uid"),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("verb", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["audit_stream.id"], name="fk_audit_event_stream_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.UniqueConstraint("stream_id", "seq", name="uq_audit_event_stream_id_seq"),
    )
    op.create_table(
        "centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["audit_stream.id"], name="fk_centre_stream_id"),
        sa.PrimaryKeyConstraint("id", name="pk_centre"),
        sa.UniqueConstraint("stream_id", name="uq_centre_stream_id"),
        sa.UniqueConstraint("uid", name="uq_centre_uid"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("stream_uid", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name="fk_audit_head_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.UniqueConstraint("event_id", "stream_uid", name="uq_audit_head_event_id_stream_uid"),
    )
    op.create_table(
        "audit_text",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name="fk_audit_text_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_audit_text"),
    )
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_blob_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("centre_id", "sha256", name="uq_blob_centre_id_sha256"),
        sa.UniqueConstraint("uid", name="uq_blob_uid"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_job_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_job_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("uid", name="uq_job_uid"),
    )
    op.create_index("ix_job_state_lease_until", "job", ["state", "lease_until"], unique=False)
    op.create_index("ix_job_subject_id", "job", ["subject_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_membership_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("uid", name="uq_membership_uid"),
    )
    op.create_index("ix_membership_centre_id", "membership", ["centre_id"], unique=False)
    op.create_index(
        "uq_membership_open",
        "membership",
        ["person_id", "centre_id", "role"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )

    op.create_table(
        "qualification_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("reference_note", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("awarding_organisation", sa.String(length=200), nullable=False),
        sa.Column("spec_version", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rules_known", sa.Boolean(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("content_sha", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_qualification_version_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qualification_version"),
        sa.UniqueConstraint("centre_id", "content_sha", name="uq_qualification_version_centre_id_content_sha"),
        sa.UniqueConstraint("uid", name="uq_qualification_version_uid"),
    )
    op.create_index("ix_qualification_version_reference", "qualification_version", ["reference"], unique=False)
    op.create_index(
        "uq_qualification_version_site",
        "qualification_version",
        ["content_sha"],
        unique=True,
        sqlite_where=sa.text("centre_id IS NULL"),
        postgresql_where=sa.text("centre_id IS NULL"),
    )

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_sign_in_session_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_session_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("hash", name="uq_sign_in_session_hash"),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_token_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_token_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("hash", name="uq_token_hash"),
        sa.UniqueConstraint("uid", name="uq_token_uid"),
    )
    op.create_table(
        "unit_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("code_note", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("glh", sa.Integer(), nullable=False),
        sa.Column("figures", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_sha", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_unit_version_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit_version"),
        sa.UniqueConstraint("centre_id", "content_sha", name="uq_unit_version_centre_id_content_sha"),
        sa.UniqueConstraint("uid", name="uq_unit_version_uid"),
    )
    op.create_index("ix_unit_version_code", "unit_version", ["code"], unique=False)
    op.create_index(
        "uq_unit_version_site",
        "unit_version",
        ["content_sha"],
        unique=True,
        sqlite_where=sa.text("centre_id IS NULL"),
        postgresql_where=sa.text("centre_id IS NULL"),
    )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("qualification_version_id", sa.Integer(), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("next_ref", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_enrolment_centre_id"),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name="fk_enrolment_learner_id"),
        sa.ForeignKeyConstraint(
            ["qualification_version_id"], ["qualification_version.id"], name="fk_enrolment_qualification_version_id"
        ),
        sa.ForeignKeyConstraint(["stream_id"], ["audit_stream.id"], name="fk_enrolment_stream_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("stream_id", name="uq_enrolment_stream_id"),
        sa.UniqueConstraint("uid", name="uq_enrolment_uid"),
    )
    op.create_index("ix_enrolment_centre_id", "enrolment", ["centre_id"], unique=False)
    op.create_index("ix_enrolment_learner_id", "enrolment", ["learner_id"], unique=False)

    op.create_table(
        "guidance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_guidance_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_guidance"),
        sa.UniqueConstraint("uid", name="uq_guidance_uid"),
        sa.UniqueConstraint("unit_version_id", "position", name="uq_guidance_unit_version_id_position"),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_outcome_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.UniqueConstraint("uid", name="uq_outcome_uid"),
        sa.UniqueConstraint("unit_version_id", "code", name="uq_outcome_unit_version_id_code"),
    )
    op.create_table(
        "qualification_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("qualification_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["qualification_version_id"],
            ["qualification_version.id"],
            name="fk_qualification_unit_qualification_version_id",
        ),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_qualification_unit_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qualification_unit"),
        sa.UniqueConstraint(
            "qualification_version_id",
            "unit_version_id",
            name="uq_qualification_unit_qualification_version_id_unit_version_id",
        ),
        sa.UniqueConstraint("uid", name="uq_qualification_unit_uid"),
    )
    op.create_index("ix_qualification_unit_unit_version_id", "qualification_unit", ["unit_version_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name="fk_criterion_outcome_id"),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_criterion_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_criterion"),
        sa.UniqueConstraint("uid", name="uq_criterion_uid"),
        sa.UniqueConstraint("unit_version_id", "code", name="uq_criterion_unit_version_id_code"),
    )
    op.create_index("ix_criterion_outcome_id", "criterion", ["outcome_id"], unique=False)

    op.create_table(
        "enrolment_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("group_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_enrolment_unit_enrolment_id"),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_enrolment_unit_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_unit"),
        sa.UniqueConstraint("enrolment_id", "unit_code", name="uq_enrolment_unit_enrolment_id_unit_code"),
        sa.UniqueConstraint("uid", name="uq_enrolment_unit_uid"),
    )
    op.create_index("ix_enrolment_unit_unit_version_id", "enrolment_unit", ["unit_version_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("carrier", sa.String(length=24), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_evidence_author_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_evidence_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("enrolment_id", "ref", name="uq_evidence_enrolment_id_ref"),
        sa.UniqueConstraint("uid", name="uq_evidence_uid"),
    )
    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_grant_enrolment_id"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="fk_grant_membership_id"),
        sa.PrimaryKeyConstraint("id", name="pk_grant"),
        sa.UniqueConstraint("uid", name="uq_grant_uid"),
    )
    op.create_index("ix_grant_enrolment_id", "grant", ["enrolment_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("declarations", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_submission_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_submission_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("enrolment_id", "no", name="uq_submission_enrolment_id_no"),
        sa.UniqueConstraint("uid", name="uq_submission_uid"),
    )
    op.create_table(
        "word_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("blob_id", sa.Integer(), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_word_book_blob_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_word_book_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_word_book_enrolment_id"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_word_book_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_word_book"),
        sa.UniqueConstraint("uid", name="uq_word_book_uid"),
    )
    op.create_index("ix_word_book_enrolment_id", "word_book", ["enrolment_id"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_allocation_enrolment_id"),
        sa.ForeignKeyConstraint(["enrolment_unit_id"], ["enrolment_unit.id"], name="fk_allocation_enrolment_unit_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_allocation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.UniqueConstraint("uid", name="uq_allocation_uid"),
    )
    op.create_index("ix_allocation_enrolment_id", "allocation", ["enrolment_id"], unique=False)
    op.create_index("ix_allocation_person_id_enrolment_id", "allocation", ["person_id", "enrolment_id"], unique=False)

    op.create_table(
        "evidence_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("custody", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_evidence_version_evidence_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_version"),
        sa.UniqueConstraint("evidence_id", "no", name="uq_evidence_version_evidence_id_no"),
        sa.UniqueConstraint("uid", name="uq_evidence_version_uid"),
    )
    op.create_table(
        "guidance_criterion",
        sa.Column("guidance_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name="fk_guidance_criterion_criterion_id"),
        sa.ForeignKeyConstraint(["guidance_id"], ["guidance.id"], name="fk_guidance_criterion_guidance_id"),
        sa.PrimaryKeyConstraint("guidance_id", "criterion_id", name="pk_guidance_criterion"),
    )
    op.create_index("ix_guidance_criterion_criterion_id", "guidance_criterion", ["criterion_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("evidence_version_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_unit_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("annotation", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name="fk_claim_criterion_id"),
        sa.ForeignKeyConstraint(["enrolment_unit_id"], ["enrolment_unit.id"], name="fk_claim_enrolment_unit_id"),
        sa.ForeignKeyConstraint(["evidence_version_id"], ["evidence_version.id"], name="fk_claim_evidence_version_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_claim_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sa.UniqueConstraint("evidence_version_id", "criterion_id", name="uq_claim_evidence_version_id_criterion_id"),
        sa.UniqueConstraint("uid", name="uq_claim_uid"),
    )
    op.create_index(
        "ix_claim_enrolment_unit_id_criterion_id", "claim", ["enrolment_unit_id", "criterion_id"], unique=False
    )
    op.create_index("ix_claim_submission_id", "claim", ["submission_id"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_evidence_file_blob_id"),
        sa.ForeignKeyConstraint(["source_file_id"], ["evidence_file.id"], name="fk_evidence_file_source_file_id"),
        sa.ForeignKeyConstraint(["version_id"], ["evidence_version.id"], name="fk_evidence_file_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_file"),
        sa.UniqueConstraint("uid", name="uq_evidence_file_uid"),
    )
    op.create_index("ix_evidence_file_blob_id", "evidence_file", ["blob_id"], unique=False)
    op.create_index("ix_evidence_file_version_id", "evidence_file", ["version_id"], unique=False)

    op.create_table(
        "submission_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("evidence_version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_version_id"], ["evidence_version.id"], name="fk_submission_item_evidence_version_id"
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_submission_item_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submission_item"),
        sa.UniqueConstraint(
            "submission_id", "evidence_version_id", name="uq_submission_item_submission_id_evidence_version_id"
        ),
        sa.UniqueConstraint("uid", name="uq_submission_item_uid"),
    )
    op.create_index("ix_submission_item_evidence_version_id", "submission_item", ["evidence_version_id"], unique=False)
    op.create_index("ix_submission_item_state", "submission_item", ["state"], unique=False)

    op.create_table(
        "item_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("submission_item_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("is_trainee", sa.Boolean(), nullable=False),
        sa.Column("countersigns_id", sa.Integer(), nullable=True),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("authentic", sa.Boolean(), nullable=False),
        sa.Column("reliable", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_item_review_assessor_id"),
        sa.ForeignKeyConstraint(["countersigns_id"], ["item_review.id"], name="fk_item_review_countersigns_id"),
        sa.ForeignKeyConstraint(
            ["submission_item_id"], ["submission_item.id"], name="fk_item_review_submission_item_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_item_review"),
        sa.UniqueConstraint("submission_item_id", "assessor_id", name="uq_item_review_submission_item_id_assessor_id"),
        sa.UniqueConstraint("uid", name="uq_item_review_uid"),
    )
    op.create_index("ix_item_review_assessor_id", "item_review", ["assessor_id"], unique=False)
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("sufficient", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("effective_at", UtcDateTime(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_judgement_assessor_id"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_judgement_claim_id"),
        sa.ForeignKeyConstraint(["review_id"], ["item_review.id"], name="fk_judgement_review_id"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["judgement.id"], name="fk_judgement_supersedes_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judgement"),
        sa.UniqueConstraint("claim_id", "no", name="uq_judgement_claim_id_no"),
        sa.UniqueConstraint("uid", name="uq_judgement_uid"),
    )
    op.create_index("ix_judgement_review_id", "judgement", ["review_id"], unique=False)

    op.create_table(
        "review_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("sufficient", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_review_mark_claim_id"),
        sa.ForeignKeyConstraint(["review_id"], ["item_review.id"], name="fk_review_mark_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_mark"),
        sa.UniqueConstraint("review_id", "claim_id", name="uq_review_mark_review_id_claim_id"),
        sa.UniqueConstraint("uid", name="uq_review_mark_uid"),
    )
    for guard in GUARDS:
        for statement in create(guard, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Back to the one before."""
    for guard in GUARDS:
        for statement in drop(guard, op.get_bind().dialect.name):
            op.execute(statement)
    op.drop_table("review_mark")
    op.drop_index("ix_judgement_review_id", "judgement")

    op.drop_table("judgement")
    op.drop_index("ix_item_review_assessor_id", "item_review")
    op.drop_table("item_review")
    op.drop_index("ix_submission_item_state", "submission_item")
    op.drop_index("ix_submission_item_evidence_version_id", "submission_item")

    op.drop_table("submission_item")
    op.drop_index("ix_evidence_file_version_id", "evidence_file")
    op.drop_index("ix_evidence_file_blob_id", "evidence_file")

    op.drop_table("evidence_file")
    op.drop_index("ix_claim_submission_id", "claim")
    op.drop_index("ix_claim_enrolment_unit_id_criterion_id", "claim")

    op.drop_table("claim")
    op.drop_index("ix_guidance_criterion_criterion_id", "guidance_criterion")

    op.drop_table("guidance_criterion")
    op.drop_table("evidence_version")
    op.drop_index("ix_allocation_person_id_enrolment_id", "allocation")
    op.drop_index("ix_allocation_enrolment_id", "allocation")

    op.drop_table("allocation")
    op.drop_index("ix_word_book_enrolment_id", "word_book")

    op.drop_table("word_book")
    op.drop_table("submission")
    op.drop_index("ix_grant_enrolment_id", "grant")

    op.drop_table("grant")
    op.drop_table("evidence")
    op.drop_index("ix_enrolment_unit_unit_version_id", "enrolment_unit")

    op.drop_table("enrolment_unit")
    op.drop_index("ix_criterion_outcome_id", "criterion")

    op.drop_table("criterion")
    op.drop_index("ix_qualification_unit_unit_version_id", "qualification_unit")

    op.drop_table("qualification_unit")
    op.drop_table("outcome")
    op.drop_table("guidance")
    op.drop_index("ix_enrolment_learner_id", "enrolment")
    op.drop_index("ix_enrolment_centre_id", "enrolment")

    op.drop_table("enrolment")
    op.drop_index("uq_unit_version_site", "unit_version")
    op.drop_index("ix_unit_version_code", "unit_version")

    op.drop_table("unit_version")
    op.drop_table("token")
    op.drop_index("ix_sign_in_session_person_id", "sign_in_session")

    op.drop_table("sign_in_session")
    op.drop_index("uq_qualification_version_site", "qualification_version")
    op.drop_index("ix_qualification_version_reference", "qualification_version")

    op.drop_table("qualification_version")
    op.drop_index("uq_membership_open", "membership")
    op.drop_index("ix_membership_centre_id", "membership")

    op.drop_table("membership")
    op.drop_index("ix_job_subject_id", "job")
    op.drop_index("ix_job_state_lease_until", "job")

    op.drop_table("job")
    op.drop_table("blob")
    op.drop_table("audit_text")
    op.drop_table("audit_head")
    op.drop_table("centre")
    op.drop_table("audit_event")
    op.drop_table("person")
    op.drop_table("audit_stream")
    op.drop_index("ix_attempt_kind_subject_at", "attempt")

    op.drop_table("attempt")
    op.drop_index("ix_access_log_centre_id_at", "access_log")

    op.drop_table("access_log")
