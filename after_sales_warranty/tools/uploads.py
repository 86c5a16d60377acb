"""Which files a customer may send us: decided by what they hold, never by what they are called."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

MAX_FILES = 5
MAX_SIZE = 10 * 1024 * 1024
MAX_NAME = 80

#: Brands of the ISO media files that phones write for HEIC photos.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed the check, under a name that is safe to show and to save."""

    name: str
    mimetype: str
    content: bytes


class UploadRefused(ValueError):
    """A file that is not accepted. ``code``: ``many``, ``empty``, ``size`` or ``type``."""

    def __init__(self, code: str, name: str = ""):
        super().__init__(code)
        self.code = code
        self.name = name


def sniff(content: bytes) -> str | None:
    """The type of the content by its first bytes; None when it is none that we accept.

    >>> sniff(b"%PDF-1.7 ..."), sniff(b"\\xff\\xd8\\xff\\xe0"), sniff(b"\\x89PNG\\r\\n\\x1a\\n")
    ('application/pdf', 'image/jpeg', 'image/png')
    >>> sniff(b"RIFF\\x00\\x00\\x00\\x00WEBPVP8 "), sniff(b"\\x00\\x00\\x00\\x18ftypheic\\x00\\x00\\x00\\x00")
    ('image/webp', 'image/heic')
    >>> [sniff(c) for c in (b"<svg onload=alert(1)>", b"MZ\\x90\\x00", b"PK\\x03\\x04", b"<html>", b"", b" %PDF-")]
    [None, None, None, None, None, None]
    >>> sniff(b"RIFF\\x00\\x00\\x00\\x00WAVEfmt "), sniff(b"\\x00\\x00\\x00\\x18ftypisom\\x00\\x00")
    (None, None)
    """
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "image/heic"
    return None


def safe_name(name: str | None, mimetype: str) -> str:
    """The name without path, control and direction characters, with the ending of its content.

    >>> safe_name("C:\\\\Users\\\\me\\\\ricevuta.pdf", "application/pdf")
    'ricevuta.pdf'
    >>> safe_name("../../etc/passwd", "image/png"), safe_name("photo.php.jpg", "image/jpeg")
    ('passwd.png', 'photo.php.jpg')
    >>> safe_name("invoice.exe", "application/pdf"), safe_name("чек.jpeg", "image/jpeg")
    ('invoice.pdf', 'чек.jpg')
    >>> safe_name("a\\u202egpj.exe\\x00<b>", "image/jpeg"), safe_name("...", "image/webp"), safe_name(None, "image/png")
    ('agpj.jpg', 'file.webp', 'file.png')
    """
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*')
    stem = os.path.splitext(" ".join(base.split()).lstrip("."))[0].rstrip(". ")[:MAX_NAME]
    return f"{stem or 'file'}.{EXTENSIONS[mimetype]}"


def check(files: Iterable[tuple[str, bytes]]) -> list[Upload]:
    """The files as they may be stored, all of them or none.

    Raises ``UploadRefused`` at the first that is not accepted.

    >>> [u.name for u in check([("a.png", b"%PDF-1.4")])]
    ['a.pdf']
    >>> def why(files):
    ...     try:
    ...         check(files)
    ...     except UploadRefused as refused:
    ...         return refused.code, refused.name
    >>> why([("ok.pdf", b"%PDF-1.4"), ("bad.svg", b"<svg/>")])
    ('type', 'bad.svg')
    >>> why([("empty.pdf", b"")]), why([("big.pdf", b"%PDF-" + bytes(MAX_SIZE))])
    (('empty', 'empty.pdf'), ('size', 'big.pdf'))
    >>> why([("a.pdf", b"%PDF-1.4")] * (MAX_FILES + 1))
    ('many', '')
    """
    files = list(files)
    if len(files) > MAX_FILES:
        raise UploadRefused("many")
    uploads = []
    for name, content in files:
        shown = " ".join("".join(c for c in name or "" if c.isprintable()).split())[:MAX_NAME]
        if not content:
            raise UploadRefused("empty", shown)
        if len(content) > MAX_SIZE:
            raise UploadRefused("size", shown)
        mimetype = sniff(content)
        if not mimetype:
            raise UploadRefused("type", shown)
        uploads.append(Upload(safe_name(name, mimetype), mimetype, content))
    return uploads
