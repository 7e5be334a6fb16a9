"""What a whole centre's audit begins at: its assessors among its people, and the units and qualifications that are
taken there among its totals. Those of people's roles also serve where a centre alone is asked for.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_membership_centre_id", "membership")
    op.create_index("ix_membership_centre_id_role", "membership", ["centre_id", "role"])
    for taken in ("unit_version_id", "qualification_version_id"):
        op.create_index(f"ix_criterion_total_centre_id_{taken}", "criterion_total", ["centre_id", taken])


def downgrade() -> None:
    for taken in ("qualification_version_id", "unit_version_id"):
        op.drop_index(f"ix_criterion_total_centre_id_{taken}", "criterion_total")
    op.drop_index("ix_membership_centre_id_role", "membership")
    op.create_index("ix_membership_centre_id", "membership", ["centre_id"])
