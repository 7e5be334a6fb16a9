"""The one blueprint of marking; each module beside this one adds its routes to it."""

from flask import Blueprint

blueprint = Blueprint("assessment", __name__)
