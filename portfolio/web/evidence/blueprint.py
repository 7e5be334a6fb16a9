"""The one blueprint of everything about evidence; each module beside this one adds its routes to it."""

from flask import Blueprint

blueprint = Blueprint("evidence", __name__)
