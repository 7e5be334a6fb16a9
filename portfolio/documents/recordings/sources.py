"""How ffmpeg is given a recording that somebody sent: as the kind that it was found to be and nothing else.

No other file is opened for it and no address, whatever the recording says; only the formats that people record in are
decoded.
"""

from pathlib import Path

from portfolio.documents import engines

_DEMUXERS = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
}
_SOUND = (
    "aac", "alac", "amrnb", "amrwb", "flac", "libopus", "libspeex", "libvorbis", "mp3", "mp3float", "opus", "speex",
    "vorbis", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "gsm", "gsm_ms", "libgsm", "libgsm_ms", "mp1float",
    "mp2float", "mp2", "pcm_alaw", "pcm_f32be", "pcm_f32le", "pcm_f64be", "pcm_f64le", "pcm_mulaw", "pcm_s16be",
    "pcm_s16le", "pcm_s24be", "pcm_s24le", "pcm_s32be", "pcm_s32le", "pcm_s8", "pcm_u8",
)  # fmt: skip
_PICTURES = ("av1", "h263", "h264", "hevc", "libaom-av1", "libdav1d", "libvpx", "libvpx-vp9", "mjpeg", "mpeg4",
             "prores", "theora", "vp8", "vp9")  # fmt: skip
_SUBTITLES = ("ass", "mov_text", "movtext", "srt", "ssa", "subrip", "text", "webvtt")
_MOST_TRACKS = 32
_MOST_PIXELS = 40_000_000
_EXPORTED = {"mov": ("-export_all", "1", "-export_xmp", "1")}
"""What such a file says of itself beyond the usual is told as well."""


class NotInstalled(Exception):
    """There is no ffmpeg here."""


class Unplayable(Exception):
    """Nothing can be made of the recording."""


def ffmpeg() -> str:
    """The program's whole path. Raises NotInstalled."""
    engine = engines.ffmpeg()
    if engine is None:
        raise NotInstalled
    return engine.program


def command(path: Path, media_type: str, *, seconds: float | None = None, level: str = "error") -> list[str]:
    """How a command begins that opens the recording, the first so many seconds of it where they are given.

    Raises NotInstalled, and Unplayable for what is no recording.
    """
    demuxer = _DEMUXERS.get(media_type)
    if demuxer is None:
        raise Unplayable
    return [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", level, "-threads", "2"),
        *("-protocol_whitelist", "file", "-format_whitelist", demuxer),
        *("-codec_whitelist", ",".join((*_SOUND, *_PICTURES, *_SUBTITLES))),
        *("-max_streams", str(_MOST_TRACKS), "-max_pixels", str(_MOST_PIXELS)),
        *_EXPORTED.get(demuxer, ()),
        *(("-t", f"{seconds:.3f}") if seconds is not None else ()),
        *("-f", demuxer, "-i", f"file:{path.resolve()}"),
    ]
