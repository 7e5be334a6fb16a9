"""What becomes of the personal data that is found in the demo's items: looked through at once, and decided by whoever
made them. The names in one draft are made up, and left for a visitor to decide.
"""

from dataclasses import dataclass

from sqlalchemy import select

from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.centres.settings import settings_of
from portfolio.demo.dates import Ago
from portfolio.demo.scene import Scene
from portfolio.documents.unseen import preview_here
from portfolio.errors import NotFound
from portfolio.evidence.models import Evidence
from portfolio.previews import actions as previews
from portfolio.screening import contents, deciding, scanning
from portfolio.screening.checking import check_content
from portfolio.screening.decided import UNDECIDED, rulings_of, state_of
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import IN_THE_WAY, Reason, ScanState
from portfolio.screening.tokens import token_of


def look_through(scene: Scene) -> None:
    """What was just said and sent is looked through, as a save and a worker do it. The files are the demo's own, so
    they are read in this process.
    """
    scanning.settle(scene.session)
    while _make_preview(scene) or _look_through_content(scene) or _make_preview(scene):
        pass


def _make_preview(scene: Scene) -> bool:
    preview = previews.take(scene.session)
    if preview is None:
        return False
    blob, derived = preview.blob, scene.installation.previews
    with scene.installation.store.here(scene.centre.uid, blob.sha256) as path, derived.making() as folder:
        made = preview_here(folder, path, blob.media_type)
        previews.keep(scene.session, derived, preview.id, manifest=made.as_json(), folder=folder)
    return True


def _look_through_content(scene: Scene) -> bool:
    due = contents.take(scene.session)
    if due is None:
        return False
    content = contents.content_for(scene.installation.previews, due)
    contents.keep(scene.session, due, content, contents.found_in(content, due.here))
    return True


@dataclass(frozen=True, slots=True)
class WentThrough:
    """Whoever made an item, the learner unless it says otherwise, has nothing to take out of it: what was found is kept
    with a reason, and what could not be read is looked at.
    """

    at: Ago
    ref: str
    by: str = ""
    reason: Reason = Reason.NOT_PERSONAL
    said: str = ""

    def take(self, scene: Scene, learner: str) -> None:
        """Keep what is in the way, if anything is, and check each file that nobody could read."""
        item, maker = scene.evidence[learner, self.ref], scene.actor(self.by or learner)
        found = _in_the_way(scene, item)
        if found:
            deciding.keep(scene.session, maker, item, finding_uids=found, reason=self.reason, said=self.said)
        unread = select(Scan.source).where(
            Scan.item_uid == item.uid, Scan.state == ScanState.UNREADABLE, Scan.checked_at.is_(None)
        )
        sources = set(scene.session.scalars(unread))
        for file in item.latest.files:
            if file.blob.sha256 in sources:
                check_content(scene.session, maker, file)


def _in_the_way(scene: Scene, item: Evidence) -> list[str]:
    ruled = rulings_of(scene.session, [item.uid])
    return [
        row.uid
        for row in scene.session.scalars(select(Finding).where(Finding.item_uid == item.uid).order_by(Finding.id))
        if state_of(
            row.label,
            ruled.get((item.uid, row.token), UNDECIDED),
            is_ours=row.is_ours,
            settings=settings_of(scene.centre.settings),
        )
        in IN_THE_WAY
    ]


def _found(scene: Scene, item: Evidence, label: Label, words: str) -> Finding:
    token = token_of(scene.session, item.enrolment, label, words)
    same = select(Finding).where(Finding.item_uid == item.uid, Finding.token == token).order_by(Finding.id)
    found = scene.session.scalars(same).first()
    if found is None:
        raise NotFound(f"{words} is not found in {item.ref}.")
    return found


@dataclass(frozen=True, slots=True)
class TookOut:
    """The learner has a pseudonym put in somebody's place, wherever a draft names them."""

    at: Ago
    ref: str
    label: Label
    words: str
    part: Part | None = None

    def take(self, scene: Scene, learner: str) -> None:
        """Replace all mentions."""
        item = scene.evidence[learner, self.ref]
        entity = _found(scene, item, self.label, self.words).entity
        deciding.replace(scene.session, scene.actor(learner), item, entity.uid, part=self.part)


@dataclass(frozen=True, slots=True)
class LeftIn:
    """The learner leaves in what is nobody's personal data, and says why."""

    at: Ago
    ref: str
    label: Label
    words: str
    reason: Reason
    said: str = ""

    def take(self, scene: Scene, learner: str) -> None:
        """Keep all that the same words stand for."""
        item = scene.evidence[learner, self.ref]
        entity = _found(scene, item, self.label, self.words).entity
        deciding.keep(
            scene.session, scene.actor(learner), item, entity_uid=entity.uid, reason=self.reason, said=self.said
        )
