"""The card that is shown where a link to the book is shared: its title and the two pipelines."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
PAPER, INK, QUIET = "#14253d", "#ffffff", "#b9c7da"
SHEET, EDGE = "#2f4f7a", "#7fa9d8"
VERTICAL, HORIZONTAL, CHANNEL = "#f0b35c", "#7fd6b0", "#cdaaff"
CELL = 26
Place = tuple[float, float]


def social_card() -> bytes:
    """The card as a PNG.

    >>> social_card()[:4]
    b'\\x89PNG'
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((70, 52), "Separable", fill=INK, font=_font(92))
    draw.text(
        (74, 168), "Convolution factorizations, derived and proved", fill=QUIET, font=_font(34)
    )
    _asymmetric(draw, (74, 270))
    _depthwise(draw, (650, 270))
    draw.text((74, 548), "height from width", fill=INK, font=_font(32))
    draw.text((650, 548), "space from channels", fill=INK, font=_font(32))
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _asymmetric(draw: ImageDraw.ImageDraw, at: Place) -> None:
    """Channels, a column, channels, a row, channels."""
    x, y = at
    _stack(draw, (x, y), 3)
    _cells(draw, (x + 172, y + 52), rows=3, columns=1, fill=VERTICAL)
    _stack(draw, (x + 222, y), 3)
    _cells(draw, (x + 372, y + 78), rows=1, columns=3, fill=HORIZONTAL)


def _depthwise(draw: ImageDraw.ImageDraw, at: Place) -> None:
    """Channels, one square filter for each, channels, a mix of them."""
    x, y = at
    _stack(draw, (x, y), 3)
    for n in range(3):
        left, top = x + 158 + 16 * n, y + 20 + 20 * n
        plate = (left - 5, top - 5, left + 3 * CELL + 1, top + 3 * CELL + 1)
        draw.rounded_rectangle(plate, 6, fill=PAPER, outline=VERTICAL, width=2)
        _cells(draw, (left, top), rows=3, columns=3, fill=VERTICAL)
    _stack(draw, (x + 294, y), 3)
    _cells(draw, (x + 450, y + 52), rows=3, columns=1, fill=CHANNEL)


def _stack(draw: ImageDraw.ImageDraw, at: Place, sheets: int) -> None:
    """Channels lying behind one another."""
    x, y = at
    for n in range(sheets):
        left, top = x + 16 * n, y + 36 * (sheets - 1 - n) / 2 + 18 * n
        box = (left, top, left + 92, top + 150)
        draw.rounded_rectangle(box, 8, fill=SHEET, outline=EDGE, width=3)


def _cells(draw: ImageDraw.ImageDraw, at: Place, rows: int, columns: int, fill: str) -> None:
    """A filter as a grid of taps."""
    x, y = at
    for row in range(rows):
        for column in range(columns):
            left, top = x + CELL * column, y + CELL * row
            box = (left, top, left + CELL - 3, top + CELL - 3)
            draw.rounded_rectangle(box, 4, fill=fill, outline=PAPER, width=1)
