"""Bundles that people ask for: of a learner, for a visit, of a whole centre; and how each portfolio stands in one."""

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("blob_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_kept_bundle_centre_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_kept_bundle_enrolment_id"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_kept_bundle_job_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_kept_bundle_by_id"),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_kept_bundle_blob_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_bundle"),
        sa.UniqueConstraint("uid", name="uq_kept_bundle_uid"),
    )
    op.create_index("ix_kept_bundle_centre_id", "kept_bundle", ["centre_id"])
    op.create_index("ix_kept_bundle_enrolment_id", "kept_bundle", ["enrolment_id"])
    op.create_index("ix_kept_bundle_job_id", "kept_bundle", ["job_id"])
    op.create_table(
        "bundle_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kept_bundle_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("as_of", UtcDateTime(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["kept_bundle_id"], ["kept_bundle.id"], name="fk_bundle_part_kept_bundle_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_bundle_part_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bundle_part"),
        sa.UniqueConstraint("uid", name="uq_bundle_part_uid"),
        sa.UniqueConstraint("kept_bundle_id", "enrolment_id", name="uq_bundle_part_kept_bundle_id_enrolment_id"),
    )
    op.create_index("ix_bundle_part_enrolment_id", "bundle_part", ["enrolment_id"])


def downgrade() -> None:
    op.drop_table("bundle_part")
    op.drop_table("kept_bundle")
