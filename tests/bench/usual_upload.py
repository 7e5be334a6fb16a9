"""How an application usually takes an upload: the form parser writes it, `save` copies it, and then it is read again to
be hashed. Served by the bench on the product's own server.
"""

import hashlib
import tempfile
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def take() -> str:
    """The hash of the file that came."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "upload"
        request.files["files"].save(place)
        with place.open("rb") as saved:
            return hashlib.file_digest(saved, "sha256").hexdigest()
