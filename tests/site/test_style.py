"""The one style sheet, and what is taken out of the theme so that a page is styled once."""

import re
from pathlib import Path

import material

from derive.site.style import _mended, CODE_BUTTONS, COPYING, LISTING, SCHEME, WATCHED
from derive.site.tables import ANY

SHEET = Path("docs/assets/separable.css")
BUNDLES = Path(material.__file__).parent / "templates/assets/javascripts"


def test_the_script_of_the_theme_does_not_name_a_colour_scheme():
    (bundle,) = BUNDLES.glob("bundle.*.min.js")
    script = bundle.read_text("utf-8")
    assert script.count(SCHEME) == 1  # an update of the theme that says it otherwise is noticed
    assert SCHEME not in _mended(script)


def test_the_buttons_of_a_listing_are_no_part_of_the_navigation():
    (bundle,) = BUNDLES.glob("bundle.*.min.js")
    script = bundle.read_text("utf-8")
    assert script.count(CODE_BUTTONS) == 1
    assert "md-code__nav" in _mended(script)
    assert CODE_BUTTONS not in _mended(script)


def test_the_sheet_names_it_instead():
    assert re.search(r":root:has\(> .*slate.*color-scheme: dark", SHEET.read_text("utf-8"))


def test_no_selector_counts_the_headings_of_a_page():
    """It would have the whole page styled again for every element that a script adds to it."""
    sheets = [SHEET, *Path("docs/assets/css").glob("*.css")]
    counting = [sheet.name for sheet in sheets if re.search(r"h\d:nth-", sheet.read_text("utf-8"))]
    assert counting == []


def test_the_size_of_a_listing_is_not_asked_for_at_once():
    (bundle,) = BUNDLES.glob("bundle.*.min.js")
    script = bundle.read_text("utf-8")
    assert len(WATCHED.findall(script)) == 1
    assert _mended(script).count(LISTING) == 2


def test_a_browser_is_not_asked_whether_it_can_copy():
    (bundle,) = BUNDLES.glob("bundle.*.min.js")
    script = bundle.read_text("utf-8")
    assert len(COPYING.findall(script)) == 2
    assert not COPYING.search(_mended(script))


def test_the_script_frames_no_table_that_is_framed():
    (bundle,) = BUNDLES.glob("bundle.*.min.js")
    script = bundle.read_text("utf-8")
    assert script.count(ANY) == 1
    assert ANY not in _mended(script)
