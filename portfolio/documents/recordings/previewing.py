"""What can be made of a recording to work with it: how loud it is from its beginning to its end, and what is said in it
where a program is installed that writes that down. The recording itself is played as it is.
"""

from pathlib import Path

from portfolio.documents import programs, speech
from portfolio.documents.blocks import Extract, Paragraph, Run
from portfolio.documents.preview import Sound
from portfolio.documents.preview_bench import Bench
from portfolio.documents.recordings.contents import looked_into
from portfolio.documents.recordings.sounding import loudness_of
from portfolio.documents.recordings.sources import NotInstalled, Unplayable
from portfolio.documents.xml_parts import Unreadable

SAID = "What is said"
HEARD = "A program wrote down what is said. It gets names and numbers wrong."
HEARD_UNTIL = "A program wrote down what is said until {}, not what comes after. It gets names and numbers wrong."
NOT_INSTALLED = "What a recording holds cannot be looked into here, because no program for it is installed."
NOT_PLAYED = "The recording is damaged, or of a kind that is not known here."
_LOOKING_SECONDS, _WRITING_SECONDS = 30.0, 50.0
_MOST_WORDS = 20_000


def recording_pieces(bench: Bench, path: Path, media_type: str) -> None:
    """Puts together what there is. Raises Unreadable."""
    try:
        recording = looked_into(path, media_type)
        loudness = loudness_of(recording, seconds=_LOOKING_SECONDS)
        spoken = speech.said_in(recording, seconds=_WRITING_SECONDS)
    except NotInstalled:
        raise Unreadable(NOT_INSTALLED) from None
    except (Unplayable, programs.TooLong, programs.Failed):
        raise Unreadable(NOT_PLAYED) from None
    words = spoken.words[:_MOST_WORDS] if spoken else ()
    if spoken and words:
        note = HEARD if spoken.until is None else HEARD_UNTIL.format(time_code(spoken.until))
        blocks = tuple(_paragraph(passage) for passage in spoken.passages())
        bench.add("said", SAID, extract=Extract(blocks), note=note)
    timed = tuple((word.start, word.end, word.text.strip()) for word in words)
    bench.heard(Sound(round(loudness.seconds, 3), loudness.peaks(), timed))


def time_code(seconds: float) -> str:
    """As players show it: minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _paragraph(passage: tuple[speech.Word, ...]) -> Paragraph:
    words = "".join(word.text for word in passage).strip()
    return Paragraph((Run(f"{time_code(passage[0].start)} ", bold=True), Run(words)))
