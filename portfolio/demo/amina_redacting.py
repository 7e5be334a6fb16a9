"""Amina's newest drafts: the papers of one case, as they came in, with everybody's name on them. All of it is made up.

E014: the complaint's e-mail is redacted and in place of the original, the letter's redacted version waits to be looked
at. E015: boxes are drawn on the scanned slip, and nothing is done with the photo yet. E016: a stretch of the call is to
be silent, and what was found in the sheet is still to be decided.
"""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.redaction_steps import Drawn, Redacted, Used
from portfolio.demo.steps import Added
from portfolio.documents.redaction.plan import Box, Silence

MAIL, LETTER = "pressure-complaint-email.eml", "pressure-reply-letter.docx"
SLIP, PHOTO = "pressure-visit-slip-scan.pdf", "pressure-gauge-photo.jpg"
CALL, READINGS = "pressure-callback-recording.mp3", "pressure-readings.xlsx"

WITH_FILES = (
    Added(
        Ago(1, "18:30"),
        "E014",
        Method.PRODUCT,
        "Low pressure: the complaint and my reply",
        happened=8,
        context="As they came and went. I am having the names taken out here, one file after the other.",
        files=(MAIL, LETTER),
    ),
    Redacted(Ago(1, "18:36"), "E014", MAIL),
    Used(Ago(1, "18:39"), "E014", MAIL),
    Redacted(Ago(1, "18:41"), "E014", LETTER),
    Added(
        Ago(1, "18:44"),
        "E015",
        Method.PRODUCT,
        "Low pressure: the visit",
        happened=6,
        context="The slip that was signed at the door, and the gauge before the valve was opened.",
        files=(SLIP, PHOTO),
    ),
    Drawn(
        Ago(1, "18:49"),
        "E015",
        SLIP,
        boxes=(Box(1, 0.33, 0.20, 0.92, 0.35), Box(1, 0.33, 0.53, 0.92, 0.71)),
    ),
    Added(
        Ago(1, "18:53"),
        "E016",
        Method.PRODUCT,
        "Low pressure: the call back, and what was measured",
        happened=5,
        context="I rang on the evening after the visit. The readings are every two hours, before and after.",
        files=(CALL, READINGS),
    ),
    Drawn(Ago(1, "18:58"), "E016", CALL, silences=(Silence(4.0, 9.0), Silence(13.5, 18.4))),
)
