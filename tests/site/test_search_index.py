"""What search reads: whole texts, a page's names as its tags, shared headings taken down."""

import json
import re

import pytest
import yaml
from material.plugins.search.plugin import Parser

from derive.catalogue import FAMILIES
from derive.proof.library import THEOREMS
from derive.site import search_index
from derive.site.order import about_family
from derive.site.pages import family
from derive.site.search_index import MANY, parted, readable, WORDS
from derive.site.templating import render

LONG = "word " * 500


def section(location, title="Heading", text="", **more):
    return {"location": location, "title": title, "text": text, **more}


def searched(*sections):
    """The sections after parting, by location."""
    _, texts = parted(json.dumps({"config": {}, "docs": sections}))
    return {one["location"]: one for one in json.loads(texts)["docs"]}


def test_settings_come_with_the_page_and_texts_do_not():
    index = json.dumps({"config": {"separator": " "}, "docs": [section("a/", text="roofline")]})
    settings, texts = parted(index)
    assert json.loads(settings) == {"config": {"separator": " "}, "docs": []}
    assert json.loads(texts)["docs"][0]["text"] == "roofline"


@pytest.mark.parametrize("word", ["slower", "SVD", "roofline", "GFLOPS"])
def test_a_word_at_the_end_of_a_long_section_is_kept(word):
    text = f"<p>{LONG}</p> <p>{word}.</p>"
    assert searched(section("a/", text=text))["a/"]["text"] == text


def test_formulas_are_plain_text_and_listings_are_dropped():
    text = r'<p>Save <span class="arithmatex">\(\frac{m}{2}\)</span></p>'
    listing = f"<pre>{'x' * 700}</pre>"
    light = searched(section("a/", title=r"At \(n^2\)", text=text + listing))["a/"]
    assert light["text"] == "<p>Save m/2</p>"
    assert light["title"] == "At n²"
    assert "<pre>" in readable("<pre>short</pre>")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a 3 × 3 kernel", "a 3×3 kernel"),
        ("1 × 1 × k", "1×1×k"),
        ("128 × 128 × 3", "128×128×3"),
        ("n × 1, then 1 × n", "n×1, then 1×n"),
        ("3 × as much", "3 × as much"),
        ("0.5 × 3", "0.5 × 3"),
        ("a column × a row", "a column × a row"),
    ],
)
def test_a_size_is_one_word(written, read):
    assert readable(written) == read


def test_names_and_subjects_belong_to_the_page():
    place = "learn/speed/"
    found = searched(
        section(place, tags=["a name"]), section(f"{place}#one", title="One", tags=["a name"])
    )
    subjects = json.loads(WORDS.read_text("utf-8"))["subjects"][place]
    assert found[place]["tags"] == ["a name", *subjects]
    assert "tags" not in found[f"{place}#one"]


@pytest.mark.parametrize("pages", [MANY - 1, MANY])
def test_a_heading_that_many_pages_share_is_no_section(pages):
    places = [f"{n}/" for n in range(pages)]
    found = searched(
        *(
            one
            for place in places
            for one in (section(place, place), section(f"{place}#cost", "Cost", "<p>Weights</p>"))
        )
    )
    assert len(found) == (pages if pages == MANY else 2 * pages)
    words = " ".join(f"{one['title']} {one['text']}" for one in found.values())
    assert words.count("Cost") == words.count("Weights") == pages


def test_a_heading_of_few_words_counts_more():
    found = searched(section("a/", title="Tucker"), section("b/", title="A word about Tucker"))
    assert found["a/"]["boost"] > found["b/"]["boost"]


def test_a_boost_of_the_front_matter_is_kept():
    found = searched(section("a/", title="One"), section("b/", title="Two", boost=0.3))
    assert found["b/"]["boost"] == 0.3 * found["a/"]["boost"] == 0.3


def test_a_section_headed_like_its_page_is_the_page():
    found = searched(
        section("a/", title="Speed", text="<p>Lesson 9</p>"),
        section("a/#speed", title="Speed", text="<p>A machine</p>"),
    )
    assert list(found) == ["a/"]
    assert found["a/"]["text"] == "<p>Lesson 9</p> Speed <p>A machine</p>"


def test_the_words_of_others_are_as_the_worker_reads_them():
    said = json.loads(WORDS.read_text("utf-8"))["said"]
    for name, ours in said.items():
        assert re.fullmatch("[a-z]+( [a-z]+)*", name)
        assert name not in ours.split()


def test_a_name_of_two_words_is_read_before_its_parts():
    said = list(json.loads(WORDS.read_text("utf-8"))["said"])
    for n, name in enumerate(said):
        assert not any(name.startswith(f"{other} ") for other in said[:n])


def test_names_stand_in_the_front_matter():
    text = render(
        "family.md.j2",
        family.context(FAMILIES["r2plus1d"]),
        theorems=[],
        order=about_family((), ""),
    )
    assert yaml.safe_load(text.split("---")[1])["tags"] == list(FAMILIES["r2plus1d"].aliases)


def test_every_subject_of_a_family_or_theorem_is_of_one_there_is():
    for place in json.loads(WORDS.read_text("utf-8"))["subjects"]:
        room, _, name = place.strip("/").partition("/")
        assert name in {"families": FAMILIES, "theorems": THEOREMS}.get(room, {name: ""})


NESTED = """
<h1 id="a">A <a class="headerlink" href="#a">¶</a></h1><p>An <em>n</em> × 1 <b>filter</b>.</p>
<div><h2 id="b">B <small>b</small></h2><table><caption>T</caption><tr><td>1</td><td>2</td></tr>
</table><figure><svg viewBox="0 0 9 9"><title>S</title><g><rect width="9"/><text>3<tspan>4</tspan>
</text></g></svg><figcaption>F</figcaption></figure></div>
<p>Of <span class="arithmatex">\\(A\\)</span>.</p><template data-search-exclude>5</template>
<pre><span></span><code><span class="n">x</span>
<span class="n">y</span>
</code></pre>
"""


def sections_of(html):
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [
        (one.id, *(" ".join("".join(part).split()) for part in (one.title, one.text)))
        for one in parser.data
    ]


def test_the_index_reads_the_same_without_the_tags_that_it_skips():
    marked = search_index.TOUCHING.sub(lambda match: match[0] + search_index.MARK, NESTED)
    light = search_index.searched(NESTED)
    assert sections_of(light) == sections_of(marked)
    assert light.count("<") < NESTED.count("<") / 2
