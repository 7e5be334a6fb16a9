"""The job row: the truth about background work, written in the transaction of what asks for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, key, moment, uid
from portfolio.jobs.rules import JobState


class Job(Base):
    """Work of one `kind` on one subject, asked for by one person in one centre. Operational."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_lease_until", "state", "lease_until"),)

    id: Mapped[key]
    uid: Mapped[uid]
    kind: Mapped[str] = mapped_column(String(40))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[moment]
    finished_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return JobState(self.state).is_over


class WorkerSeen(Base):
    """When a worker was last known to be at work. Operational."""

    __tablename__ = "worker_seen"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[moment]
