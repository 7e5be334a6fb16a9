"""Portfolios that came from another installation, with their histories, which are signed with other keys."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop, never_changes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GUARDS = never_changes("arrival")


def upgrade() -> None:
    op.add_column("audit_stream", sa.Column("public_key", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("signature", sa.Column("elsewhere", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("centre_uid", sa.String(length=20), nullable=False),
        sa.Column("centre_name", sa.String(length=200), nullable=False),
        sa.Column("centre_number", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_arrival_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_arrival_enrolment_id"),
        sa.ForeignKeyConstraint(["stream_id"], ["audit_stream.id"], name="fk_arrival_stream_id"),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
        sa.UniqueConstraint("enrolment_id", "no", name="uq_arrival_enrolment_id_no"),
        sa.UniqueConstraint("stream_id", name="uq_arrival_stream_id"),
        sa.UniqueConstraint("uid", name="uq_arrival_uid"),
    )
    _guards(create, GUARDS)


def downgrade() -> None:
    _guards(drop, GUARDS)
    op.drop_table("arrival")
    op.drop_column("signature", "elsewhere")
    op.drop_column("audit_stream", "public_key")


def _guards(change: Callable[[Guard, str], list[str]], guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in change(guard, op.get_bind().dialect.name):
            op.execute(statement)
