"""Files for other portfolio systems among the bundles: which names such a one is written with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kept_bundle", sa.Column("profile", sa.String(length=24), nullable=True))


def downgrade() -> None:
    op.drop_column("kept_bundle", "profile")
