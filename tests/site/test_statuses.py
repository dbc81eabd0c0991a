"""The words of a status come from Python: no script of the site types them."""

import json
import re
from pathlib import Path

import pytest

from derive.proof.status import Status
from derive.render.status import badge_class, LOOKS
from derive.site.pages.line_lab import context

ASSETS = Path(__file__).parents[2] / "docs" / "assets"
WORDS = {words for one in LOOKS.values() for words in (one.words, one.heading) if " " in words}


@pytest.mark.parametrize("words", sorted({*WORDS, "not proved"}))
def test_no_script_types_the_words_of_a_status(words):
    slugs = {status.slug for status in Status}
    found = [
        script.name
        for script in ASSETS.rglob("*.js")
        if words not in slugs and words in script.read_text("utf-8")
    ]
    assert not found


def test_the_line_lab_has_its_badges_from_python():
    (facts,) = re.findall(r">(\{.*\})<", context().facts)
    badges = json.loads(facts)["badges"]
    assert badges.keys() == {Status.PROVED.slug, Status.FAILED.slug}
    for slug, badge in badges.items():
        assert badge == {"words": LOOKS[Status.of(slug)].words, "kind": badge_class(slug)}
