"""Bundles that were asked for: of whom, where the file is, and what held which portfolio back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.bundles.kept_rules import BundleKind, PartState
from portfolio.centres.models import Centre
from portfolio.db import Base, key, moment, uid
from portfolio.documents.leap2a.profiles import Profile
from portfolio.enrolment.models import Enrolment
from portfolio.jobs.models import Job
from portfolio.storage.models import Blob


class KeptBundle(Base):
    """A bundle that somebody asked for. `enrolment_id` is of one learner's; other kinds have none. `blob_id` is empty
    until its job is done, once it was destroyed because personal data was taken out of an item that it held, and once
    it was removed, which `removed_at` tells apart. `profile` is of a Leap2A file; a bundle of ours has none.
    """

    __tablename__ = "kept_bundle"
    __table_args__ = (
        Index("ix_kept_bundle_centre_id", "centre_id"),
        Index("ix_kept_bundle_enrolment_id", "enrolment_id"),
        Index("ix_kept_bundle_job_id", "job_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    kind: Mapped[BundleKind]
    profile: Mapped[Profile | None]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[moment]
    made_at: Mapped[datetime | None]
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    removed_at: Mapped[datetime | None]

    centre: Mapped[Centre] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
    job: Mapped[Job] = relationship()
    by: Mapped[Person] = relationship()
    blob: Mapped[Blob | None] = relationship()
    parts: Mapped[list["BundlePart"]] = relationship(back_populates="bundle", order_by="BundlePart.id")


class BundlePart(Base):
    """One portfolio of a bundle. `choice` is what of it goes in, as `export.rules.Choice` reads it; empty for all.
    `reason` says why it is held back, and `held` are the places for which it is, as `gate.Held` reads them: none of
    them holds a word. `as_of` is when it was read; empty while it is not in the bundle.
    """

    __tablename__ = "bundle_part"
    __table_args__ = (
        UniqueConstraint("kept_bundle_id", "enrolment_id"),
        Index("ix_bundle_part_enrolment_id", "enrolment_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    kept_bundle_id: Mapped[int] = mapped_column(ForeignKey("kept_bundle.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    choice: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[PartState] = mapped_column(default=PartState.WAITING)
    as_of: Mapped[datetime | None]
    items: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    held: Mapped[list[Any]] = mapped_column(default=list)

    bundle: Mapped[KeptBundle] = relationship(back_populates="parts")
    enrolment: Mapped[Enrolment] = relationship()
