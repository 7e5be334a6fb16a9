"""The Word template that a centre's books are made with; none so far."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "centre_word_template",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_centre_word_template_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", name="pk_centre_word_template"),
    )


def downgrade() -> None:
    op.drop_table("centre_word_template")
