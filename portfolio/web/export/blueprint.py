"""The one blueprint of the Word portfolio; each module beside this one adds its routes to it."""

from flask import Blueprint

blueprint = Blueprint("export", __name__)
