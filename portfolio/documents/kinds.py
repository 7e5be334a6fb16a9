"""What people call the kinds of files that are taken."""

KINDS = (
    ("application/pdf", "PDF"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "Word document"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "Spreadsheet"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "Presentation"),
    ("application/rtf", "Text document"),
    ("application/vnd.ms-outlook", "E-mail"),
    ("message/", "E-mail"),
    ("text/csv", "Table"),
    ("text/", "Text"),
    ("image/", "Picture"),
    ("audio/", "Sound"),
    ("video/", "Video"),
)
"""By how the media type begins."""


def kind_word(media_type: str) -> str:
    """What sort of file it is, in a word."""
    return next((word for start, word in KINDS if media_type.startswith(start)), "File")
