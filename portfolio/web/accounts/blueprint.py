"""The one blueprint of signing in and of one's own account; each module beside this one adds its routes to it."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
