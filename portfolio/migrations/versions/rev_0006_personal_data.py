"""What is looked through for personal data, what is found, and what is decided about it.

Nothing is filled in here: the worker looks through what lies there already, and the gate does not wait for it.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop, never_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GUARDS = never_changes("finding_decision")


def upgrade() -> None:
    op.add_column("word_book", sa.Column("held", sa.JSON(), nullable=False, server_default="[]"))
    _add_scans()
    op.create_table(
        "finding_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("undoes", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=20), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=24), nullable=False),
        sa.Column("entity_uid", sa.String(length=20), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("role_word", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_finding_decision_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_finding_decision_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_decision"),
        sa.UniqueConstraint("uid", name="uq_finding_decision_uid"),
    )
    op.create_index("ix_finding_decision_item_uid_token", "finding_decision", ["item_uid", "token"])
    op.create_index("ix_finding_decision_enrolment_id_outcome", "finding_decision", ["enrolment_id", "outcome"])
    op.create_index("ix_finding_decision_act", "finding_decision", ["act"])
    op.create_table(
        "known_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_known_words_centre_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_known_words_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_known_words"),
        sa.UniqueConstraint("uid", name="uq_known_words_uid"),
    )
    op.create_index("ix_known_words_centre_id_enrolment_id", "known_words", ["centre_id", "enrolment_id"])
    _guards(create, GUARDS)


def downgrade() -> None:
    _guards(drop, GUARDS)
    for table in ("known_words", "finding_decision", "finding", "entity", "scan"):
        op.drop_table(table)
    op.drop_column("word_book", "held")


def _guards(change: Callable[[Guard, str], list[str]], guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in change(guard, op.get_bind().dialect.name):
            op.execute(statement)


def _add_scans() -> None:
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("detector", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("scanned_at", UtcDateTime(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name="fk_scan_checked_by_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_scan_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scan"),
        sa.UniqueConstraint("uid", name="uq_scan_uid"),
        sa.UniqueConstraint("item_uid", "source", name="uq_scan_item_uid_source"),
    )
    op.create_index("ix_scan_enrolment_id", "scan", ["enrolment_id"])
    op.create_index("ix_scan_state_lease_until", "scan", ["state", "lease_until"])
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=24), nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_entity_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entity"),
        sa.UniqueConstraint("uid", name="uq_entity_uid"),
        sa.UniqueConstraint("enrolment_id", "label", "number", name="uq_entity_enrolment_id_label_number"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=24), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("found_by", sa.String(length=24), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name="fk_finding_entity_id"),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name="fk_finding_scan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint("uid", name="uq_finding_uid"),
    )
    op.create_index("ix_finding_scan_id", "finding", ["scan_id"])
    op.create_index("ix_finding_entity_id", "finding", ["entity_id"])
    op.create_index("ix_finding_item_uid_token", "finding", ["item_uid", "token"])
