"""Bundles that administrators bring, until they are brought in or thrown away."""

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arriving_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("blob_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("matches", sa.JSON(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_arriving_draft_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_arriving_draft_person_id"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_arriving_draft_job_id"),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_arriving_draft_blob_id"),
        sa.PrimaryKeyConstraint("id", name="pk_arriving_draft"),
        sa.UniqueConstraint("uid", name="uq_arriving_draft_uid"),
    )
    op.create_index("ix_arriving_draft_centre_id", "arriving_draft", ["centre_id"])
    op.create_index("ix_arriving_draft_blob_id", "arriving_draft", ["blob_id"])


def downgrade() -> None:
    op.drop_table("arriving_draft")
