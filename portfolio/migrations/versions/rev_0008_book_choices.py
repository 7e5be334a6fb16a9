"""What a Word portfolio is to hold: all, one unit, the matrix alone, or a sample; those made so far hold all. And the
same as a PDF.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("word_book", sa.Column("choice", sa.JSON(), nullable=False, server_default="{}"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE word_book "
            "ADD COLUMN pdf_blob_id INTEGER CONSTRAINT fk_word_book_pdf_blob_id REFERENCES blob (id)"
        )
    else:
        op.add_column("word_book", sa.Column("pdf_blob_id", sa.Integer(), nullable=True))
        op.create_foreign_key("fk_word_book_pdf_blob_id", "word_book", "blob", ["pdf_blob_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_word_book_pdf_blob_id", "word_book", type_="foreignkey")
    op.drop_column("word_book", "pdf_blob_id")
    op.drop_column("word_book", "choice")
