"""A bar code as a PNG, without a drawing backend that a server may lack."""

import io

from PIL import Image
from reportlab.graphics.barcode.code128 import Code128

#: Light modules before and after the bars that a reader needs.
QUIET = 10


def code128_png(text: str, scale: int = 3, height: int = 100) -> bytes:
    """The PNG of a Code 128.

    >>> image = Image.open(io.BytesIO(code128_png("RMA/2026/00001")))
    >>> image.format, image.height, image.getpixel((0, 0)), image.getpixel((10 * 3, 0))
    ('PNG', 100, 255, 0)
    >>> image.width % 3, len(image.getcolors())
    (0, 2)
    """
    code = Code128(text)
    code.validate()
    code.encode()
    code.decompose()
    modules = [255] * QUIET
    for (
        letter
    ) in code.decomposed:  # a lower letter is a gap, a capital a bar, as wide as its place in the alphabet
        start = "A" if letter.isupper() else "a"
        modules += [0 if letter.isupper() else 255] * (ord(letter) - ord(start) + 1)
    modules += [255] * QUIET
    image = Image.new("L", (len(modules), 1))
    image.putdata(modules)
    buffer = io.BytesIO()
    image.resize((len(modules) * scale, height), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()
