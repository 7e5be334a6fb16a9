"""What is claimed in each unit of a learner, packed for its matrix; what a centre's learners are put in order by; and
indexes for an assessor's queue.

What is worked out from the record is not filled in here: `portfolio upgrade` counts it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ORDERS = (("met_share", sa.Integer(), "0"), ("last_on", sa.Date(), "1970-01-01"))
INDEXES = (
    ("ix_allocation_held", "allocation", ("person_id", "duty", "enrolment_id", "enrolment_unit_id", "since", "until")),
    ("ix_submission_item_state", "submission_item", ("state", "submission_id", "evidence_version_id")),
    ("ix_review_mark_outcome", "review_mark", ("review_id", "outcome")),
)
OUTGROWN = (
    ("ix_allocation_person_id_enrolment_id", "allocation", ("person_id", "enrolment_id")),
    ("ix_submission_item_state", "submission_item", ("state",)),
)
"""What those take the place of."""
IS_COMPLETE = {"sqlite": "is_signed_off = 0", "postgresql": "NOT is_signed_off"}


def upgrade() -> None:
    for name, table, _columns in OUTGROWN:
        op.drop_index(name, table)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    dialect = op.get_bind().dialect.name
    where = sa.text(f"{IS_COMPLETE[dialect]} AND rtrim(states, 'Mm') = ''")
    op.create_index(
        "ix_unit_progress_complete",
        "unit_progress",
        ["enrolment_unit_id"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "unit_matrix",
        sa.Column("enrolment_unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_unit_matrix_enrolment_id"),
        sa.PrimaryKeyConstraint("enrolment_unit_id", name="pk_unit_matrix"),
    )
    op.create_index("ix_unit_matrix_enrolment_id", "unit_matrix", ["enrolment_id"])
    for name, kind, given in ORDERS:
        op.add_column("progress", sa.Column(name, kind, nullable=False, server_default=given))
        op.create_index(f"ix_progress_{name}", "progress", ["centre_id", "counts", name, "enrolment_id"])


def downgrade() -> None:
    for name, _kind, _given in ORDERS:
        op.drop_index(f"ix_progress_{name}", "progress")
        op.drop_column("progress", name)
    op.drop_index("ix_unit_progress_complete", "unit_progress")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    for name, table, columns in OUTGROWN:
        op.create_index(name, table, columns)
    op.drop_table("unit_matrix")
