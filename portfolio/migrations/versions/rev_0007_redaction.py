"""Redacted versions of files: what was asked for, made, proved and used, and what was drawn on files by hand."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STAYS = ("uid", "enrolment_id", "item_uid", "version_no", "source", "source_size", "result_sha256", "used_by_id",
         "used_at", "made_at", "checked", "state")  # fmt: skip
CHANGED = " OR ".join([f"NEW.{name} <> OLD.{name}" for name in STAYS] + ["NEW.used_at IS NULL"])
GUARDS = [
    Guard(
        "redaction",
        "UPDATE",
        f"OLD.state = 'used' AND ({CHANGED} OR CAST(NEW.proof AS TEXT) <> CAST(OLD.proof AS TEXT))",
    ),
    Guard("redaction", "DELETE", "OLD.state = 'used'"),
]
"""What was used stays as it was proved, but for the original that may be held beside it."""


def upgrade() -> None:
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=20), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_size", sa.BigInteger(), nullable=False),
        sa.Column("source_type", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("result_blob_id", sa.Integer(), nullable=True),
        sa.Column("result_name", sa.String(length=200), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("used_by_id", sa.Integer(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("original_blob_id", sa.Integer(), nullable=True),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("let_go_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_redaction_asked_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_redaction_enrolment_id"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_redaction_job_id"),
        sa.ForeignKeyConstraint(["original_blob_id"], ["blob.id"], name="fk_redaction_original_blob_id"),
        sa.ForeignKeyConstraint(["result_blob_id"], ["blob.id"], name="fk_redaction_result_blob_id"),
        sa.ForeignKeyConstraint(["used_by_id"], ["person.id"], name="fk_redaction_used_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
        sa.UniqueConstraint("uid", name="uq_redaction_uid"),
    )
    op.create_index("ix_redaction_item_uid_source", "redaction", ["item_uid", "source"])
    op.create_index("ix_redaction_enrolment_id", "redaction", ["enrolment_id"])
    op.create_index("ix_redaction_result_blob_id", "redaction", ["result_blob_id"])
    op.create_index("ix_redaction_original_blob_id", "redaction", ["original_blob_id"])
    op.create_index("ix_redaction_held_until", "redaction", ["held_until"])
    op.create_table(
        "file_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("silences", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_file_marks_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_file_marks"),
        sa.UniqueConstraint("item_uid", "source", name="uq_file_marks_item_uid_source"),
    )
    op.create_index("ix_file_marks_enrolment_id", "file_marks", ["enrolment_id"])
    _guards(create, GUARDS)


def downgrade() -> None:
    _guards(drop, GUARDS)
    for table in ("file_marks", "redaction"):
        op.drop_table(table)


def _guards(change: Callable[[Guard, str], list[str]], guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in change(guard, op.get_bind().dialect.name):
            op.execute(statement)
