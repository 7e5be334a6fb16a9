"""The centre: cohorts, leavers, logos, lists on their way in, second factors, and how far everyone has come.

What is worked out from the record is not filled in here: `portfolio upgrade` counts it anew.
"""

import sqlalchemy as sa
from alembic import op

from portfolio.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIGURES = ("met", "needs_more", "claimed", "single_source")
TABLES = (
    "worker_seen",
    "trail_check",
    "criterion_total",
    "progress",
    "unit_progress",
    "import_draft",
    "used_code",
    "second_factor",
    "centre_logo",
)


def upgrade() -> None:
    op.create_index("ix_person_name", "person", ["name", "id"])
    op.create_table(
        "centre_logo",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_centre_logo_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", name="pk_centre_logo"),
    )
    _add_cohorts()
    _add_second_factors()
    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("matching", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_import_draft_centre_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_import_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_draft"),
        sa.UniqueConstraint("uid", name="uq_import_draft_uid"),
    )
    op.create_index("ix_import_draft_person_id", "import_draft", ["person_id"])
    _add_progress()
    _add_looks()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_audit_head_stream_uid", "audit_head")
    op.drop_index("ix_access_log_enrolment_id_at", "access_log")
    op.drop_column("access_log", "enrolment_id")
    op.drop_column("access_log", "page")
    op.drop_index("ix_enrolment_cohort_id", "enrolment")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_enrolment_cohort_id", "enrolment", type_="foreignkey")
    op.drop_column("enrolment", "cohort_id")
    op.drop_column("enrolment", "ended_on")
    op.drop_table("cohort")
    op.drop_column("sign_in_session", "device")
    op.drop_index("ix_person_name", "person")


def _add_cohorts() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_cohort_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cohort"),
        sa.UniqueConstraint("uid", name="uq_cohort_uid"),
        sa.UniqueConstraint("centre_id", "name", name="uq_cohort_centre_id_name"),
    )
    op.add_column("enrolment", sa.Column("ended_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE enrolment "
            "ADD COLUMN cohort_id INTEGER CONSTRAINT fk_enrolment_cohort_id REFERENCES cohort (id)"
        )
    else:
        op.add_column("enrolment", sa.Column("cohort_id", sa.Integer(), nullable=True))
        op.create_foreign_key("fk_enrolment_cohort_id", "enrolment", "cohort", ["cohort_id"], ["id"])
    op.create_index("ix_enrolment_cohort_id", "enrolment", ["cohort_id"])


def _add_second_factors() -> None:
    op.add_column("sign_in_session", sa.Column("device", sa.String(length=80), nullable=False, server_default=""))
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_second_factor_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factor"),
    )
    op.create_table(
        "used_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_used_code_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_used_code"),
        sa.UniqueConstraint("person_id", "step", name="uq_used_code_person_id_step"),
    )


def _add_progress() -> None:
    op.create_table(
        "unit_progress",
        sa.Column("enrolment_unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("states", sa.Text(), nullable=False),
        sa.Column("is_signed_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_unit_progress_enrolment_id"),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_unit_progress_unit_version_id"),
        sa.PrimaryKeyConstraint("enrolment_unit_id", name="pk_unit_progress"),
    )
    op.create_index("ix_unit_progress_enrolment_id", "unit_progress", ["enrolment_id"])
    op.create_table(
        "progress",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("qualification_version_id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("criteria", *FIGURES)),
        sa.Column("progressed_on", sa.Date(), nullable=True),
        sa.Column("on_track_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_progress_centre_id"),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_progress_cohort_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_progress_enrolment_id"),
        sa.ForeignKeyConstraint(
            ["qualification_version_id"], ["qualification_version.id"], name="fk_progress_qualification_version_id"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name="pk_progress"),
    )
    op.create_index("ix_progress_behind", "progress", ["centre_id", "counts", "on_track_until", "enrolment_id"])
    op.create_index("ix_progress_cohort_id", "progress", ["cohort_id", "counts", "on_track_until"])
    op.create_table(
        "criterion_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.Integer(), nullable=False),
        sa.Column("qualification_version_id", sa.Integer(), nullable=False),
        sa.Column("unit_version_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("learners", *FIGURES)),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_criterion_total_centre_id"),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name="fk_criterion_total_criterion_id"),
        sa.ForeignKeyConstraint(
            ["qualification_version_id"],
            ["qualification_version.id"],
            name="fk_criterion_total_qualification_version_id",
        ),
        sa.ForeignKeyConstraint(["unit_version_id"], ["unit_version.id"], name="fk_criterion_total_unit_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_criterion_total"),
        sa.UniqueConstraint(
            "centre_id",
            "cohort",
            "qualification_version_id",
            "criterion_id",
            name="uq_criterion_total_place",
        ),
    )


def _add_looks() -> None:
    op.add_column("access_log", sa.Column("page", sa.String(length=48), nullable=False, server_default=""))
    op.add_column("access_log", sa.Column("enrolment_id", sa.Integer(), nullable=True))
    op.create_index("ix_access_log_enrolment_id_at", "access_log", ["enrolment_id", "at"])
    op.create_index("ix_audit_head_stream_uid", "audit_head", ["stream_uid", "seq"])
    op.create_table(
        "trail_check",
        sa.Column("stream_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("streams", "entries", "head_seq")),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("fault_stream", sa.String(length=20), nullable=False),
        sa.Column("fault_seq", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["audit_stream.id"], name="fk_trail_check_stream_id"),
        sa.PrimaryKeyConstraint("stream_id", name="pk_trail_check"),
    )
    op.create_table(
        "worker_seen",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker_seen"),
    )
