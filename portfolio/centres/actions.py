"""Setting up a centre."""

from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre


def open_centre(session: Session, actor: Doer, *, name: str, number: str) -> Centre:
    """A new centre with its own stream."""
    stream = streams.open_stream(session, "centre")
    centre = Centre(name=name, number=number, stream_id=stream.id)
    session.add(centre)
    session.flush()
    streams.record(
        session, actor, "centre.open", streams.named(centre), stream_id=stream.id, text={"name": name, "number": number}
    )
    return centre
