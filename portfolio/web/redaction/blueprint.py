"""The pages on which a file is redacted, for whoever may change it."""

from flask import Blueprint

blueprint = Blueprint("redaction", __name__)
