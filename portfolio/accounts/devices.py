"""What a browser says of itself, in words that its owner knows it by. Pure."""

import re

BROWSERS = (
    ("Edge", re.compile(r"\bEdgi?[A-Z]?[a-z]*/")),
    ("Opera", re.compile(r"\b(?:OPR|OPiOS)/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|HeadlessChrome|CriOS|Chromium)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
"""The first that fits: most browsers say that they are others too."""
SYSTEMS = (
    ("an iPhone", re.compile(r"\biPhone\b")),
    ("an iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("a Mac", re.compile(r"\bMacintosh\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
UNKNOWN = "A browser"
LOOKED_AT = 400


def device_words(said: str) -> str:
    """Such as "Firefox on Windows"; nothing of what was sent is repeated."""
    said = said[:LOOKED_AT]
    browser = next((name for name, mark in BROWSERS if mark.search(said)), UNKNOWN)
    system = next((name for name, mark in SYSTEMS if mark.search(said)), "")
    return f"{browser} on {system}" if system else browser
