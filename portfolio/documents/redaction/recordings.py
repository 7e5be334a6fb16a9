"""Recordings redacted: what was chosen is silent or painted over in the copy, and so is what a program heard of the
words that go. Nothing but sound and moving pictures is in it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from portfolio.documents import programs, speech
from portfolio.documents.recordings import cutting
from portfolio.documents.recordings.contents import Recording, Said, looked_into, subtitles, words_carried
from portfolio.documents.recordings.cutting import MOST_PAINTED, Patch, Span
from portfolio.documents.recordings.sources import NotInstalled, Unplayable
from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.plan import Box, Why
from portfolio.documents.redaction.work import Refused, Work

NOT_INSTALLED = (
    "Recordings cannot be redacted here, because no program for it is installed. "
    "Whoever runs this site can add ffmpeg, or the extra called “media”."
)
NOT_PLAYED = "The recording could not be worked on: it is damaged, or of a kind that is not known here."
NOT_SILENT = "The copy of the recording was not silent where it should be, so it was not kept."
TOO_LONG = "The recording is too long to be worked on here. Cut it into shorter ones first."
TOO_MUCH = f"More than {MOST_PAINTED} boxes cannot be painted over in one film."
SAID, DETAILS, CHAPTERS, SUBTITLES, SEEN = "What is said", "Details of the recording", "Chapters", "Subtitles", "Film"
_PLACES = ("location", "gps", "xyz", "coordinates")
_MOMENTS = ("date", "creation", "year", "time")
_AROUND = 0.25
"""Where a word begins and ends is not told to the moment, so that so much around it is silent too."""


def redact_recording(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A recording of any kind that is taken; its kind stays. Raises Refused."""
    try:
        recording = looked_into(source, media_type)
        _show_words(recording, work)
        spoken = _spoken_away(recording, work)
        if not work.only_reads:
            _write(recording, target, work, spoken)
    except NotInstalled:
        raise Refused(NOT_INSTALLED) from None
    except cutting.NotSilent:
        raise Refused(NOT_SILENT) from None
    except cutting.TooMuch:
        raise Refused(TOO_MUCH) from None
    except programs.TooLong:
        raise Refused(TOO_LONG) from None
    except (Unplayable, programs.Failed):
        raise Refused(NOT_PLAYED) from None
    return media_type


def _show_words(recording: Recording, work: Work) -> None:
    """All of it goes; what it says is shown, so that people learn what the recording carries."""
    for said in words_carried(recording):
        work.find(*_as_shown(said), is_seen=False)
        work.gone(_what_goes(said))
    for words in subtitles(recording):
        work.find(words, SUBTITLES)
    others = {track.kind for track in recording.tracks}
    for is_there, what in (
        (recording.chapters, "chapters"),
        ("Subtitle" in others, "subtitles"),
        (any(track.is_cover for track in recording.tracks), "a cover picture"),
        ({"Data", "Attachment"} & others, "data that lies beside the recording"),
        (recording.pictures and not recording.is_film, "moving pictures in a sound"),
        (len(recording.pictures) > 1, "further pictures"),
        (len(recording.sounds) > 1 and not recording.is_film, "further sounds"),
    ):
        if is_there:
            work.gone(what)


def _as_shown(said: Said) -> tuple[str, str]:
    if said.is_chapter:
        return said.words, CHAPTERS
    return f"{said.name.replace('_', ' ')}: {said.words}", DETAILS


def _what_goes(said: Said) -> str:
    if said.is_chapter:
        return "chapters"
    name = said.name.lower()
    if any(part in name for part in _PLACES):
        return "where it was recorded"
    if any(part in name for part in _MOMENTS):
        return "when it was recorded"
    return "title, names and other details of the recording"


def _spoken_away(recording: Recording, work: Work) -> list[Span]:
    """Shows what is said to the work; answers when what goes is said."""
    if recording.is_film:
        work.unread(SEEN, Why.PICTURE)
    if not recording.sounds:
        return []
    spoken = speech.said_in(recording, seconds=work.within(speech.SECONDS))
    if spoken is None:
        work.unread(SAID, Why.SOUND)
        return []
    work.unread(SAID, Why.HEARD if spoken.until is None else Why.SOUND)
    return [span for passage in spoken.passages() for span in _spans(passage, work)]


def _spans(passage: Sequence[speech.Word], work: Work) -> Iterable[Span]:
    text = "".join(word.text for word in passage)
    matches: list[Match] = work.find(text, SAID)
    at = 0
    for word in passage:
        begins, at = at, at + len(word.text)
        if any(match.start < at and match.end > begins for match in matches):
            yield Span(max(0.0, word.start - _AROUND), word.end + _AROUND)


def _write(recording: Recording, target: Path, work: Work, spoken: Iterable[Span]) -> None:
    chosen = [Span(silence.start, silence.end) for silence in work.silences]
    patches = [_patch(box) for box in work.boxes] if recording.is_film else []
    seconds = work.within(cutting.SECONDS)
    work.silenced(cutting.write_anew(recording, target, [*chosen, *spoken], patches, seconds=seconds))
    work.painted(len(patches))


def _patch(box: Box) -> Patch:
    span = None if box.start is None or box.end is None else Span(box.start, box.end)
    return Patch(box.left, box.top, box.right, box.bottom, span)
