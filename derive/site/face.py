"""The face of the text: Source Sans 3, whose small letters are as tall as KaTeX's next to them.

An x of KaTeX, at the 1.08 em that our sheet sets formulas in, is 0.477 em tall, as Chromium
measures it; one of Source Sans 3 is 0.486, of Liberation Sans 0.528, of DejaVu Sans 0.547. Its
Latin letters are one file of 29 kB with all weights. Emphasis is slanted by the browser: a second
file for the few words of a page would weigh as much.
"""

from pathlib import Path

from derive.site.npm import Package, Store

PACKAGE = Package(
    "@fontsource-variable/source-sans-3",
    "5.3.1",
    "u0p5Z/PM2e1uxYOMiodLM6NVzxHwULcB6Oi7QSr2WU/sdoLBFP/BeOZ3YYHeJ6rHsjPZA1nZweZVaV7sf2MAyQ==",
)
SHEET, FILE = "assets/face.css", "assets/face/source-sans-3-latin-wght-normal.woff2"
LATIN = (  # what is in the file: other signs come from the reader's own fonts
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
    "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
)


def files(store: Store) -> dict[str, Path]:
    """The file of the face by its path in the site; none where the store has none to offer."""
    if not (store.online or store.has(PACKAGE)):
        return {}
    return {FILE: store.folder(PACKAGE) / "files" / Path(FILE).name}


def sheet(place: str) -> str:
    """The rule that names the face, for a sheet from which ``place`` leads to its file.

    A page on which it comes late keeps the reader's own fonts: nothing moves.
    """
    return (
        '@font-face{font-family:"Source Sans 3";font-weight:200 900;font-display:optional;'
        f"src:url({place})format('woff2');unicode-range:{LATIN}}}\n"
    )
