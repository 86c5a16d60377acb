"""A QR code as a PNG, without a drawing backend that a server may lack."""

import io

from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

#: Light modules around the code that a reader needs.
QUIET = 4


def qr_png(text: str, scale: int = 6) -> bytes:
    """The PNG of a QR code with error correction for a creased card.

    >>> image = Image.open(io.BytesIO(qr_png("https://example.com/after-sales/warranty/AAAA")))
    >>> image.format, image.size[0] == image.size[1], image.getpixel((0, 0)), image.getpixel((24, 24))
    ('PNG', True, 255, 0)
    """
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    size = code.getModuleCount()
    image = Image.new("L", (size + 2 * QUIET, size + 2 * QUIET), 255)
    for row in range(size):
        for column in range(size):
            if code.isDark(row, column):
                image.putpixel((column + QUIET, row + QUIET), 0)
    buffer = io.BytesIO()
    image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()
