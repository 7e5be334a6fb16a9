"""The one blueprint of bundles; each module beside this one adds its routes to it."""

from flask import Blueprint

blueprint = Blueprint("bundles", __name__)
