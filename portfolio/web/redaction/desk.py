"""What the page of a file that is redacted shows, and what it says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portfolio.documents.preview import Inside, Sound
from portfolio.documents.redaction.plan import Unread, Why
from portfolio.evidence.queries import FileRow
from portfolio.jobs.rules import JobState
from portfolio.redaction.proofs import ProofSeen
from portfolio.redaction.queries import JobSeen, RedactionSeen
from portfolio.redaction.rules import RedactionState, takes_boxes, takes_silences
from portfolio.screening.pieces import told as unread_words
from portfolio.web.previews import ShownFile
from portfolio.web.redaction.forms import MissedForm
from portfolio.web.redaction.marks import (
    BLANK_BOX,
    BLANK_SPAN,
    UNMARKED,
    BoxRow,
    MarksShown,
    SpanRow,
    seconds_in,
    time_words,
)
from portfolio.web.redaction.proving import ProofWords, proof_words
from portfolio.web.sorts import times

OPEN, MAKING, MADE, USED = "open", "making", "made", "used"
"""What the page is about; each has a template of its own."""
LOOKED_THROUGH = "It is being looked through. What you mark meanwhile is saved."
MARK_ADVICE = (
    "Mark what is left by hand, and have it made again. Or redact it in the program that made it, and put that in its "
    "place."
)
ADVICE = "Have it made again. Or take it out in the program that made the file, and put that in its place."
HOW_SOUND = "Drag over a stretch of the sound. It becomes silence, and nothing of it can be had back."
HOW_FILM = (
    "Drag over a stretch of the sound, and it becomes silence. Draw boxes on the picture: each is there for five "
    "seconds at first, and you say for how long."
)
HOW_PAGES = (
    "What was found in words is painted over by itself. Draw boxes over the rest: faces, signatures, what is written "
    "by hand."
)
HOW_PICTURE = "Draw boxes over faces, names and numbers. What is under a box is gone from the new file."
BY_HAND_ALONE = "What you mark goes, and so does what people do not see. Another program then searches what is left."
WAVE_HALF = 100


@dataclass(frozen=True, slots=True)
class Gone:
    """A person or thing that is found in the file and goes, and what stands there from then on."""

    icon: str
    name: str
    what: str
    stand_in: str
    url: str


@dataclass(frozen=True, slots=True)
class StageShown:
    """A page or picture on which boxes are drawn."""

    page: int
    title: str
    name: str
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Wave:
    """The shape of a sound as a path, and how wide its drawing is."""

    width: int
    path: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a recording, and the second from which it is said."""

    start: float
    text: str


@dataclass(slots=True)
class Desk:
    """Everything that the page shows of one file. `part` says what it is about; only what that needs is there."""

    file: FileRow
    part: str
    redaction: RedactionSeen | None
    review: str
    shown: ShownFile | None = None
    marks: MarksShown = UNMARKED
    goes: Sequence[Gone] = ()
    places: int = 0
    kept: int = 0
    sound: Sound | None = None
    stages: Sequence[StageShown] = ()
    hindrance: str = ""
    may_hide: bool = False
    is_waiting: bool = False
    fault: str = ""
    missed: MissedForm | None = None
    result: ShownFile | None = None
    fate: str = ""
    blank_box: BoxRow = BLANK_BOX
    blank_span: SpanRow = BLANK_SPAN

    @property
    def takes_boxes(self) -> bool:
        """Whether boxes can be drawn on it."""
        return takes_boxes(self.file.media_type)

    @property
    def takes_silences(self) -> bool:
        """Whether times can be marked in it."""
        return takes_silences(self.file.media_type)

    @property
    def is_drawn(self) -> bool:
        """Whether there is something to draw on now."""
        return not self.hindrance and (self.takes_silences or (self.takes_boxes and bool(self.stages)))

    @property
    def marks_kind(self) -> str:
        """What the script is told."""
        return ("film" if self.takes_boxes else "sound") if self.takes_silences else "pages"

    @property
    def has_pages(self) -> bool:
        """Whether a box says on which page it is."""
        return not self.takes_silences and (len(self.stages) > 1 or self.file.media_type == "application/pdf")

    @property
    def source(self) -> str:
        """Where a recording is played from."""
        return url_for("evidence.download", evidence_file_id=self.file.id)

    @property
    def seconds(self) -> float:
        """How long a recording is; 0 where that is not known."""
        return round(self.sound.seconds, 2) if self.sound else 0

    @property
    def seconds_words(self) -> str:
        """The same as it is read."""
        return time_words(self.seconds) if self.seconds else ""

    @property
    def wave(self) -> Wave:
        """The shape of its sound."""
        return wave_of(self.sound.peaks if self.sound else ())

    @property
    def words(self) -> list[Word]:
        """What is said in it."""
        return [Word(round(start, 1), text) for start, _end, text in self.sound.words] if self.sound else []

    @property
    def plain_spans(self) -> list[tuple[float, float]]:
        """Where the times that nobody hears stand on the wave: from where, and how wide."""
        one = self.wave.width / self.seconds
        pairs = [(seconds_in(span.start), seconds_in(span.end)) for span in self.marks.spans] if not self.fault else []
        return [(round(start * one, 2), round((end - start) * one, 2)) for start, end in pairs]

    @property
    def failed(self) -> str:
        """Why no version could be made; empty where none failed."""
        is_failed = self.redaction is not None and self.redaction.state is RedactionState.FAILED
        return (self.redaction.note if self.redaction and is_failed else "") or ("It did not end." if is_failed else "")

    @property
    def advice(self) -> str:
        """What to do when none could be made."""
        return MARK_ADVICE if self.takes_boxes or self.takes_silences else ADVICE

    @property
    def heading(self) -> str:
        """What stands over the file."""
        if not self.is_drawn:
            return "As it is now"
        if self.takes_silences:
            return "Mark what nobody may hear" + (" or see" if self.takes_boxes else "")
        return "Draw boxes over what has to go"

    @property
    def how(self) -> str:
        """How one marks, and what is found anyway."""
        if self.takes_silences:
            return HOW_FILM if self.takes_boxes else HOW_SOUND
        return HOW_PAGES if self.goes or self.file.media_type == "application/pdf" else HOW_PICTURE

    @property
    def scan(self) -> JobSeen | None:
        """That it is still looked through, as work under way."""
        return JobSeen(JobState.RUNNING, 0, 0, LOOKED_THROUGH) if self.is_waiting else None

    @property
    def next_words(self) -> str:
        """What the button does."""
        things = len(self.goes)
        if not things:
            return BY_HAND_ALONE
        what = "One person or detail goes" if things == 1 else f"{things} people and details go"
        where = "one place" if self.places == 1 else f"{self.places} places"
        return f"{what} from {where}, and so does what you mark and what people do not see."

    @property
    def goes_words(self) -> str:
        """How much goes."""
        return f"{len(self.goes)} found, {times(self.places).removeprefix('found ')}" if self.goes else ""

    @property
    def nothing_words(self) -> str:
        """What is said when nothing was found that goes."""
        return "Nothing was found in its words that has to go. Things can be missed, so look at it yourself."

    @property
    def kept_words(self) -> str:
        """How much stays because somebody decided so."""
        if not self.kept:
            return ""
        return "One place stays, as you decided." if self.kept == 1 else f"{self.kept} places stay, as you decided."

    @property
    def carries(self) -> tuple[str, ...]:
        """What people do not see, and that goes."""
        return self.shown.carries if self.shown else ()

    @property
    def by_eye(self) -> tuple[str, ...]:
        """What no program could read, so that somebody has to look."""
        seen = self.redaction.proof if self.part in {MADE, USED} and self.redaction else None
        if seen is not None:
            return left_to_eyes(seen)
        return self.shown.unread if self.shown else ()

    @property
    def proof(self) -> ProofWords | None:
        """What was done and how it was proved, in words."""
        seen = self.redaction.proof if self.redaction else None
        return proof_words(seen) if seen is not None else None


def left_to_eyes(proof: ProofSeen) -> tuple[str, ...]:
    """What of a result no program could read, a sentence each."""
    unread = tuple(Unread(place, Why(why)) for place, why in proof.unread)
    return (*unread_words(Inside(unread=unread)), *proof.unsearched)


def wave_of(peaks: Sequence[int]) -> Wave:
    """A shape round the middle, as wide as there are peaks; the loudest moment fills it."""
    most = max(peaks, default=0)
    if most <= 0:
        return Wave(WAVE_HALF, "")
    tall = [max(1, round(peak / most * (WAVE_HALF - 4))) for peak in peaks]
    above = " ".join(f"{at} {WAVE_HALF - high}" for at, high in enumerate(tall))
    below = " ".join(f"{at} {WAVE_HALF + high}" for at, high in reversed(list(enumerate(tall))))
    return Wave(max(1, len(tall) - 1), f"M{above} {below}z")
