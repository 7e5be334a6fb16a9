"""What is claimed in each unit of a learner, packed anew: rows that look alike are kept once.

What is kept in the old form is emptied here, and `portfolio upgrade` works it out again from the record.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("DELETE FROM unit_matrix"))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM unit_matrix"))
