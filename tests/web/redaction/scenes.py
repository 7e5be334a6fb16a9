"""Where the pages of a file that is redacted are, and files to redact."""

import json
from typing import Any

from portfolio.documents.preview import Manifest, Sound
from portfolio.previews import actions
from tests.client import Page, StrictClient
from tests.documents.samples import phone_photo, sound
from tests.redaction.bench import Bench

SCRIPT = {"headers": {"Accept": "application/json"}}
BOX = {"box_page": "1", "box_left": "10", "box_top": "20.5", "box_width": "30", "box_height": "5", "rev": "0"}


def file_id(bench: Bench, evidence_id: int) -> int:
    """The first file of an item."""
    with bench.installation.database.reading() as session:
        return bench.file(session, evidence_id).id


def path(bench: Bench, evidence_id: int) -> str:
    """The page on which it is redacted."""
    return f"/files/{file_id(bench, evidence_id)}/redact"


def photo(bench: Bench) -> str:
    """The page of a photo."""
    return path(bench, bench.added(phone_photo(), "photo.jpg", "image/jpeg"))


def recording(bench: Bench, shape: Sound) -> str:
    """The page of a recording, with the shape of its sound as a worker leaves it."""
    evidence_id = bench.add(sound(), "call.wav", "audio/wav")
    previews = bench.installation.previews
    with bench.installation.database.writing() as session, previews.making() as folder:
        (folder / "0").write_text(json.dumps(shape.as_json()))
        preview = actions.ask_for(session, bench.file(session, evidence_id).blob)
        assert preview is not None
        actions.keep(session, previews, preview.id, manifest=Manifest(sound=0).as_json(), folder=folder)
        session.commit()
    bench.look_through_all()
    return path(bench, evidence_id)


def sent(client: StrictClient, here: str, fields: dict[str, Any], status: int = 303) -> Page:
    """Marks as a form without scripts sends them."""
    return client.post(f"{here}/marks", fields, status=status)
