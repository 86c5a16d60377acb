"""What the pages and forms for customers and visitors have in common."""

from odoo.http import request

from ..tools import uploads
from ..tools.network import client_network

#: The largest body a form may send: five files of the largest size and the texts.
MAX_BODY = uploads.MAX_FILES * uploads.MAX_SIZE + 4 * 1024 * 1024

#: A field that people do not see and robots fill in.
HONEYPOT = "fax"

HOUR = 3600

#: What strangers together may send in an hour, whatever addresses they come from.
STRANGERS_PER_HOUR = 300


def keep_private(response, status=None):
    """The page is for whoever asked: no search engine lists it, nothing on the way keeps it."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    if status:
        response.status_code = status
    return response


def read_files(field="files"):
    """The files of a form as (name, content), no more of each than tells that it is too large."""
    files = []
    for file in request.httprequest.files.getlist(field):
        if not file.filename:
            continue
        # A request that is tried again finds its files already read.
        file.seek(0)
        files.append((file.filename, file.read(uploads.MAX_SIZE + 1)))
        if len(files) > uploads.MAX_FILES:
            break
    return files


def check_files(field="files"):
    """``(uploads, message)``: the checked files of a form, or what is wrong with them."""
    try:
        return uploads.check(read_files(field)), None
    except uploads.UploadRefused as refused:
        return [], request.env["after.sales.registration"]._explain_upload(refused)


def may_send(form, per_hour):
    """Whether the caller may send this form once more in this hour."""
    user, counter = request.env.user, request.env["after.sales.rate.limit"]
    if not user._is_public():
        return counter._allow(f"{form} user {user.id}", per_hour, HOUR)
    caller = client_network(request.httprequest.remote_addr)
    return counter._allow(f"{form} {caller}", per_hour, HOUR) and counter._allow(
        f"{form} strangers", STRANGERS_PER_HOUR, HOUR
    )
