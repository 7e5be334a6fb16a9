"""What the coverage audit needs of each learner, packed.

What is worked out from the record is not filled in here: `portfolio upgrade` counts it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_row",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_coverage_row_enrolment_id"),
        sa.PrimaryKeyConstraint("enrolment_id", name="pk_coverage_row"),
    )


def downgrade() -> None:
    op.drop_table("coverage_row")
