"""The pages about personal data, for whoever made an item and whoever's portfolio it is."""

from flask import Blueprint

blueprint = Blueprint("screening", __name__)
