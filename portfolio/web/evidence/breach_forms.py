"""The forms for hiding an item, showing it again, and taking personal data out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import Field, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio.assessment.amending import Mending
from portfolio.assessment.learner_queries import ClaimSeen
from portfolio.errors import Rejected
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Fate, Kept
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.notes import ASK_MOST, SAID_MOST
from portfolio.evidence.rules import (
    BODY_MOST,
    CONTEXT_MOST,
    CUSTODY_MOST,
    NAME_MOST,
    REASON_MOST,
    ROLE_MOST,
    TITLE_MOST,
    WHERE_MOST,
)
from portfolio.evidence.taking_out import check_taken_out
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST
from portfolio.storage.arriving import Upload
from portfolio.web.forms import BaseForm, LineField, ParagraphsField
from portfolio.web.jinja import in_codes_of

KEEP, REMOVE, REPLACE, MADE = "keep", "remove", "replace", "made"
FATES = {KEEP: "Keep it", REMOVE: "Take it out", REPLACE: "Put a redacted file in its place"}
PARAGRAPHS = {
    "context": ("What it is about", CONTEXT_MOST),
    "role": ("The {learner}’s part in it", ROLE_MOST),
    "body": ("Text", BODY_MOST),
}
LINES = {"ask": ("Question", ASK_MOST), "said": ("What was seen or said", SAID_MOST)}
LOOKED_AT = frozenset({"LineField", "ParagraphsField"})
KEPT_AS = {"location": "Kept at", "custodian": "Kept by", "reason": "Why not here"}


def holds(text: str | None, words: Sequence[str]) -> bool:
    """Whether a text holds one of these words; in capitals or not."""
    said = (text or "").casefold()
    return any(word.casefold() in said for word in words)


class HideForm(BaseForm):
    """Where the personal data is."""

    words = ParagraphsField(
        "Where is it?",
        [DataRequired("Say in a few words where it is, so that it can be found.")],
        most=WHERE_MOST,
        description="For example: the customer’s name in the second paragraph of the letter. This is deleted again "
        "once the item is mended.",
    )


class ShowAgainForm(BaseForm):
    """Why there is nothing to take out."""

    why = LineField(
        "Why is there nothing to take out?",
        [DataRequired("Say why, without the personal data itself.")],
        most=REASON_MOST,
        description="This is kept for good.",
    )


class MendForm(BaseForm):
    """Everything that the item says, to be changed where personal data is. `rev` is the version's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    title = LineField("Title", [DataRequired("Give it a title without the personal data.")], most=TITLE_MOST)
    reason = LineField(
        "Why was it changed?",
        [DataRequired("Say why, without the personal data itself.")],
        most=REASON_MOST,
        description="For example: a customer’s name was in the letter. Everybody who sees the item reads this, and it "
        "is kept for good, so leave the personal data itself out.",
    )

    sought = ParagraphsField(
        "What must not stand in it any more?",
        most=WHERE_MOST,
        description="A name or a number, one in each line. It is looked for in everything below and is not kept. What "
        "stands inside the files you look through yourself.",
    )

    @property
    def gone_words(self) -> list[str]:
        """What must not stand any more, a line each."""
        return [line.strip() for line in (self.sought.data or "").splitlines() if line.strip()]

    @property
    def said(self) -> list[Field]:
        """The fields whose text will stand."""
        return [f for f in self if f.type in LOOKED_AT and f.name != "sought" and self._stays(f.name)]

    @property
    def hits(self) -> list[Field]:
        """The fields where something still stands that must not; in capitals or not."""
        return [field for field in self.said if holds(field.data, self.gone_words)]

    def check_gone(self) -> None:
        """Raises Rejected, on the field, where something still stands that must not."""
        for field in self.hits:
            raise Rejected("This still says what must not stand here.", field.name)

    def check_taken_out(self) -> None:
        """Raises Rejected, on the field, where something was written that did not stand there."""
        texts = [field for field in self.said if field.name != "reason"]
        check_taken_out(
            {field.name: field.object_data or "" for field in texts}, {field.name: field.data or "" for field in texts}
        )

    def is_concerned(self, claim: ClaimSeen, words: Sequence[str]) -> bool:
        """Whether what a criterion says is to be looked at: it holds one of these words, is changed, or is refused."""
        fields = (self[f"annotation_{claim.claim_id}"], self[f"place_{claim.claim_id}"])
        return any(holds(f.object_data, words) or f.data != f.object_data or f.errors for f in fields)

    def _stays(self, name: str) -> bool:
        """Whether what a field says will stand: the name of a file that goes does not."""
        kind, _, file_id = name.partition("_")
        return kind != "name" or self[f"fate_{file_id}"].data in {KEEP, MADE}

    def mending(self, version: EvidenceVersion, claims: Sequence[ClaimSeen], files: Mapping[int, Fate]) -> Mending:
        """What is to stand from now on; what there is no field for was empty."""
        said: dict[str, Any] = self.data
        custody = {name: said.get(f"custody_{name}", value) for name, value in version.custody.items()}
        texts = {name: said.get(name) or "" for name in PARAGRAPHS}
        notes = [
            note | {part: said.get(f"note_{number}_{part}") or "" for part in LINES}
            for number, note in enumerate(version.notes)
        ]
        return Mending(
            details=Details(said["title"] or "", version.event_on, custody=custody, notes=notes, **texts),
            claims={
                claim.claim_id: (said[f"annotation_{claim.claim_id}"] or "", said[f"place_{claim.claim_id}"] or "")
                for claim in claims
            },
            files=files,
            reason=said["reason"] or "",
        )

    def fate(self, file_id: int, upload: Upload | Rejected | None, made: Kept | None = None) -> Fate:
        """What is to become of a file, given what was chosen beside it, and the redacted version that was made of it
        here. Raises Rejected on the field of its fate.
        """
        chosen, name = self[f"fate_{file_id}"].data, f"fate_{file_id}"
        called = self[f"name_{file_id}"].data or ""
        if isinstance(upload, Rejected):
            raise Rejected(upload.sentence, name)
        if chosen == REPLACE and upload is None:
            raise Rejected("Choose the redacted file.", name)
        if chosen != REPLACE and upload is not None:
            raise Rejected("You chose a file here. Say that it takes the place of this one.", name)
        if chosen == REMOVE:
            return None
        if chosen == MADE and made is not None:
            check_taken_out({f"name_{file_id}": made.name}, {f"name_{file_id}": called})
            return replace(made, name=called)
        return Kept(upload.name, upload) if upload else Kept(called)


def mend_form(
    version: EvidenceVersion, claims: Sequence[ClaimSeen], made: Mapping[int, str], *, is_sent: bool = True
) -> MendForm:
    """The form for this version: a field for each of its texts, claims and files, filled with what was sent, if any.

    `made` are the names of the redacted versions that were made here, by the id of their file.
    """
    fields: dict[str, Any] = {}
    for name, (label, most) in PARAGRAPHS.items():
        if getattr(version, name):
            fields[name] = ParagraphsField(label, most=most, default=getattr(version, name))
    for name, text in version.custody.items():
        if isinstance(text, str) and text:
            fields[f"custody_{name}"] = LineField(KEPT_AS.get(name, name.capitalize()), most=CUSTODY_MOST, default=text)
    for number, note in enumerate(version.notes):
        for part, (label, most) in LINES.items():
            if note[part]:
                words = f"{label}, line {number + 1}{f', {at}' if (at := note['at']) else ''}"
                fields[f"note_{number}_{part}"] = ParagraphsField(words, most=most, default=note[part])
    for claim in claims:
        how, where, name = f"annotation_{claim.claim_id}", f"place_{claim.claim_id}", in_codes_of([claim], claims)
        fields[how] = ParagraphsField(f"How it shows {name}", most=ANNOTATION_MOST, default=claim.annotation)
        fields[where] = LineField(f"Where it shows {name}", most=PLACE_MOST, default=claim.place)
    for file in version.files:
        own = {MADE: f"Put the redacted version made here in its place: {made[file.id]}"} if file.id in made else {}
        fields[f"fate_{file.id}"] = RadioField(file.name, choices=own | FATES, default=MADE if own else KEEP)
        fields[f"name_{file.id}"] = LineField(
            "Its name from now on", most=NAME_MOST, default=made.get(file.id, file.name)
        )
    kind: type[MendForm] = type("MendThisForm", (MendForm,), fields)
    said = {"rev": version.rev, "title": version.title}
    return kind(data=said) if is_sent else kind(formdata=None, data=said)
