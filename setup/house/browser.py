"""The browser of the tours: Odoo looks for Chrome or Chromium by these names, and skips its tests without one."""

import shutil

from . import machine

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find():
    return next(filter(None, map(shutil.which, NAMES)), None)


def require():
    """Return the browser's path; installed as root, otherwise a person is told how to get it."""
    return machine.require(find, "chromium", "Chromium, which the browser tests run in,")
