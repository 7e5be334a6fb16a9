"""Evidence of every kind: files that wait, drafts of what is typed, previews, sightings, breaches and amendments; and
which criteria are in use, by when they were loaded.

What is on record may change in one case: while a breach of its item is open, personal data may be taken out of it. The
proof ties each such change to its amendment.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime
from portfolio.migrations.guards import Guard, create, drop, never_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IS_FROZEN = "(SELECT frozen_at FROM evidence_version WHERE id = {row}.version_id) IS NOT NULL"
IS_WITHDRAWAL = (
    "(OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW.evidence_id = OLD.evidence_id "
    "AND NEW.no = OLD.no AND NEW.title = OLD.title AND NEW.context = OLD.context AND NEW.body = OLD.body "
    "{same_role}AND NEW.digest = OLD.digest AND NEW.frozen_at = OLD.frozen_at "
    "AND COALESCE(NEW.event_on, '0001-01-01') = COALESCE(OLD.event_on, '0001-01-01') "
    "AND CAST(NEW.custody AS TEXT) = CAST(OLD.custody AS TEXT))"
)
IS_AMENDMENT = (
    "(NEW.amended = OLD.amended + 1 AND NEW.evidence_id = OLD.evidence_id AND NEW.no = OLD.no AND NEW.uid = OLD.uid "
    "AND NEW.created_at = OLD.created_at AND NEW.frozen_at = OLD.frozen_at "
    "AND COALESCE(NEW.event_on, '0001-01-01') = COALESCE(OLD.event_on, '0001-01-01') "
    "AND COALESCE(NEW.withdrawn_at, '0001-01-01') = COALESCE(OLD.withdrawn_at, '0001-01-01') AND {open_breach})"
)
HAS_OPEN_BREACH = (
    "EXISTS (SELECT 1 FROM breach JOIN evidence_version ON evidence_version.evidence_id = breach.evidence_id "
    "WHERE evidence_version.id = {row}.{column} AND breach.mended_at IS NULL)"
)
OPEN_BREACH_OF_ITEM = "EXISTS (SELECT 1 FROM breach WHERE evidence_id = OLD.evidence_id AND mended_at IS NULL)"
IS_CLAIM_AMENDMENT = (
    "(NEW.amended = OLD.amended + 1 AND NEW.criterion_id = OLD.criterion_id "
    "AND NEW.evidence_version_id = OLD.evidence_version_id AND NEW.enrolment_unit_id = OLD.enrolment_unit_id "
    "AND NEW.submission_id = OLD.submission_id AND NEW.origin = OLD.origin AND "
    + HAS_OPEN_BREACH.format(row="OLD", column="evidence_version_id")
    + ")"
)


def _of_files(verb: str, row: str) -> Guard:
    is_frozen = IS_FROZEN.format(row=row)
    return Guard("evidence_file", verb, f"{is_frozen} AND NOT {HAS_OPEN_BREACH.format(row=row, column='version_id')}")


BEFORE = [
    Guard("evidence_version", "UPDATE", f"OLD.frozen_at IS NOT NULL AND NOT {IS_WITHDRAWAL.format(same_role='')}"),
    Guard("evidence_file", "INSERT", IS_FROZEN.format(row="NEW")),
    Guard("evidence_file", "DELETE", IS_FROZEN.format(row="OLD")),
    Guard("claim", "UPDATE", "OLD.submission_id IS NOT NULL"),
]
"""As the revision before this one has them."""

AFTER = [
    Guard(
        "evidence_version",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL AND NOT ("
        + IS_WITHDRAWAL.format(same_role="AND NEW.role = OLD.role AND NEW.amended = OLD.amended ")
        + " OR "
        + IS_AMENDMENT.format(open_breach=OPEN_BREACH_OF_ITEM)
        + ")",
    ),
    _of_files("INSERT", "NEW"),
    _of_files("DELETE", "OLD"),
    Guard("claim", "UPDATE", f"OLD.submission_id IS NOT NULL AND NOT {IS_CLAIM_AMENDMENT}"),
]

NEW = [
    *never_changes("sighting", "amendment", "criteria_load"),
    Guard(
        "breach",
        "UPDATE",
        "OLD.mended_at IS NOT NULL OR NEW.evidence_id <> OLD.evidence_id OR NEW.reported_at <> OLD.reported_at "
        "OR NEW.reported_by_id <> OLD.reported_by_id",
    ),
    Guard("breach", "DELETE"),
]


def upgrade() -> None:
    _guards(drop, BEFORE)
    for table, column in _columns():
        op.add_column(table, column)
    _add_tables()
    _add_loads()
    _guards(create, [*AFTER, *NEW])


def downgrade() -> None:
    _guards(drop, [*AFTER, *NEW])
    for table in ("criteria_load", "sighting", "amendment", "breach", "waiting_file", "preview", "draft"):
        op.drop_table(table)
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
    _guards(create, BEFORE)


def _guards(change: Callable[[Guard, str], list[str]], guards: Sequence[Guard]) -> None:
    for guard in guards:
        for statement in change(guard, op.get_bind().dialect.name):
            op.execute(statement)


def _columns() -> list[tuple[str, "sa.Column[Any]"]]:
    return [
        ("qualification_version", sa.Column("operational_end", sa.Date(), nullable=True)),
        ("qualification_version", sa.Column("certification_end", sa.Date(), nullable=True)),
        ("unit_version", sa.Column("is_outline", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("evidence", sa.Column("trashed_at", UtcDateTime(), nullable=True)),
        ("evidence", sa.Column("hidden_at", UtcDateTime(), nullable=True)),
        ("evidence_version", sa.Column("role", sa.Text(), nullable=False, server_default="")),
        ("evidence_version", sa.Column("amended", sa.Integer(), nullable=False, server_default="0")),
        ("claim", sa.Column("amended", sa.Integer(), nullable=False, server_default="0")),
    ]


def _add_tables() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("person_id", "place", name="uq_draft_person_id_place"),
    )
    op.create_table(
        "preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_preview_blob_id"),
        sa.PrimaryKeyConstraint("id", name="pk_preview"),
        sa.UniqueConstraint("blob_id", name="uq_preview_blob_id"),
    )
    op.create_index("ix_preview_state_lease_until", "preview", ["state", "lease_until"])
    op.create_table(
        "waiting_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_waiting_file_blob_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_waiting_file_enrolment_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_waiting_file_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_file"),
        sa.UniqueConstraint("uid", name="uq_waiting_file_uid"),
    )
    op.create_index("ix_waiting_file_blob_id", "waiting_file", ["blob_id"], unique=False)
    op.create_index(
        "ix_waiting_file_enrolment_id_person_id", "waiting_file", ["enrolment_id", "person_id"], unique=False
    )
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mended_by_id", sa.Integer(), nullable=True),
        sa.Column("mended_at", UtcDateTime(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_breach_evidence_id"),
        sa.ForeignKeyConstraint(["mended_by_id"], ["person.id"], name="fk_breach_mended_by_id"),
        sa.ForeignKeyConstraint(["reported_by_id"], ["person.id"], name="fk_breach_reported_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
        sa.UniqueConstraint("uid", name="uq_breach_uid"),
    )
    op.create_index("ix_breach_evidence_id", "breach", ["evidence_id"], unique=False)
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest_before", sa.String(length=64), nullable=False),
        sa.Column("digest_after", sa.String(length=64), nullable=False),
        sa.Column("claims_before", sa.String(length=64), nullable=False),
        sa.Column("claims_after", sa.String(length=64), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"], name="fk_amendment_breach_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_amendment_by_id"),
        sa.ForeignKeyConstraint(["version_id"], ["evidence_version.id"], name="fk_amendment_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_amendment"),
        sa.UniqueConstraint("uid", name="uq_amendment_uid"),
        sa.UniqueConstraint("version_id", "no", name="uq_amendment_version_id_no"),
    )
    op.create_index("ix_amendment_breach_id", "amendment", ["breach_id"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role_word", sa.String(length=40), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sighting_person_id"),
        sa.ForeignKeyConstraint(["version_id"], ["evidence_version.id"], name="fk_sighting_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sighting"),
        sa.UniqueConstraint("uid", name="uq_sighting_uid"),
    )
    op.create_index("ix_sighting_version_id", "sighting", ["version_id"], unique=False)


def _add_loads() -> None:
    """What is stored already counts as loaded in the order in which it came."""
    loads = op.create_table(
        "criteria_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_version_id", sa.Integer(), nullable=True),
        sa.Column("unit_version_id", sa.Integer(), nullable=True),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(qualification_version_id IS NULL) <> (unit_version_id IS NULL)", name="ck_criteria_load_one_subject"
        ),
        sa.ForeignKeyConstraint(
            ["qualification_version_id"], ["qualification_version.id"], name="fk_criteria_load_qualification_version_id"
        ),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_criteria_load_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_load"),
    )
    for table in ("qualification_version", "unit_version"):
        op.create_index(f"ix_criteria_load_{table}_id", "criteria_load", [f"{table}_id"], unique=False)
        id_ = sa.column("id", sa.Integer())
        stored = sa.select(id_, sa.func.now()).select_from(sa.table(table)).order_by(id_)
        op.execute(sa.insert(loads).from_select([f"{table}_id", "loaded_at"], stored))
