"""All that the child process does with a template: reads it, and makes a book with it before it is believed."""

import base64
import io

from portfolio.documents.codec import Json
from portfolio.documents.wordbook.writer import write_book
from portfolio.documents.wordtemplate.framing import frame_of
from portfolio.documents.wordtemplate.opening import DAMAGED, TROUBLE
from portfolio.documents.wordtemplate.reading import read
from portfolio.documents.wordtemplate.trial import trial_book


def tried(path: str) -> Json:
    """What reading answers, when a book can be made with it."""
    answer = read(path)
    package = answer.get("package") if isinstance(answer, dict) else None
    if isinstance(package, str):
        try:
            write_book(io.BytesIO(), trial_book(frame_of(base64.b64decode(package))))
        except (*TROUBLE, KeyError, IndexError):
            return {"faults": [DAMAGED]}
    return answer
