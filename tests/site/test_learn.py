"""The course: the numbers of its figures computed a second way, and its map of the families."""

import json
import random
import re
from fractions import Fraction
from itertools import product
from math import dist
from pathlib import Path

import pytest

from derive import oracle
from derive.catalogue import FAMILIES
from derive.notation.errors import CheckError
from derive.parse.layer import read_layer
from derive.site.pages.learn import asymmetric, convolution, course, exercise, factoring, same
from derive.site.pages.learn import depthwise_separable as dws
from derive.site.templating import render

ROOT = Path(__file__).parents[2]


def tensor(rng, extents):
    return {at: rng.randint(-4, 4) for at in product(*map(range, extents))}


def rank(matrix):
    """Elimination in fractions, which shares nothing with the book's ranks."""
    rows, found = [[Fraction(entry) for entry in row] for row in matrix], 0
    for column in range(len(rows[0])):
        pivot = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for n in range(found + 1, len(rows)):
            times = rows[n][column] / rows[found][column]
            rows[n] = [a - times * b for a, b in zip(rows[n], rows[found], strict=True)]
        found += 1
    return found


def test_every_lesson_is_in_the_course_once_and_leads_to_the_next():
    slugs = [lesson.slug for lesson in course.COURSE]
    assert len(slugs) == len(set(slugs)) == 10
    for lesson in course.COURSE[:5]:
        assert lesson.written, lesson
        assert course.module(lesson).context(), lesson
        assert course.navigation(lesson.slug)["following"] is not None


@pytest.mark.parametrize("lesson", course.COURSE, ids=lambda lesson: lesson.slug)
def test_every_lesson_has_exercises_a_summary_and_what_to_read_next(lesson):
    context, shown = course.module(lesson).context(), course.navigation(lesson.slug)
    text = render(lesson.template, context, navigation=shown)
    exercises = text.split("## Exercises {: #exercises }")[1].split("## Summary {: #summary }")[0]
    assert exercises.count('??? question "') >= 3
    for one in context.get("exercises", ()):
        assert one.question in exercises
        assert one.answer in exercises
    summary = text.split("## Summary {: #summary }")[1]
    assert summary.count("\n- ") >= 3
    assert "**Read next.**" in summary


def test_an_exercise_with_two_answers_stops_the_build():
    with pytest.raises(CheckError, match="several answers"):
        exercise.agreed(3, 4)


def test_a_convolution_by_hand_is_what_the_loops_make():
    shown = convolution.by_hand()
    assert shown["value"] == convolution.output(2, 1, 1, 1)[0, 1, 0]
    assert [one["value"] for one in shown["channels"]] == [-11, 1]


def test_facts_cannot_close_their_element():
    text = course.facts_html({"a": "</template><b>&amp;"})
    inside = text.removeprefix('<template class="facts" data-search-exclude>')
    inside = inside.removesuffix("</template>")
    assert "<" not in inside
    assert "&" not in inside
    assert json.loads(inside) == {"a": "</template><b>&amp;"}


def test_the_still_convolution_is_the_one_the_sentence_writes_out():
    shown = convolution.context()
    assert sum(weight * pixel for weight, pixel in shown["terms"]) == shown["first"]
    kernel, image = convolution.KERNELS[0][0], convolution.IMAGE[0]
    corner = sum(kernel[u][v] * image[u][v] for u in range(3) for v in range(3))
    assert corner == shown["first"] == convolution.output(1, 1, 1, 0)[0, 0, 0]


# Factoring


SMALL = {"image": "5x4", "channels_in": 2, "channels_out": 3, "kernel": "3"}


@pytest.fixture(scope="module")
def assignments():
    return dict(factoring.assignments(read_layer(**SMALL)))


def test_every_assignment_multiplies_as_often_as_the_loops_and_is_the_same_convolution(assignments):
    rng = random.Random(5)
    sizes = {"i": 2, "o": 3, "u": 3, "v": 3, "j": 2}
    axes = {
        "u": oracle.Axis(5, 3, before=1, after=1),
        "v": oracle.Axis(4, 3, before=1, after=1),
    }
    image = tensor(rng, (2, 5, 4))
    tried = 0
    for name, assignment in assignments.items():
        words = [text[2:-1].replace(",", "") for text in assignment["factors"]]
        factors = [(word, tensor(rng, [sizes[x] for x in word])) for word in words]
        run = oracle.pipeline(factors, image, "i", "o", sizes, axes)
        kernel = oracle.contract(factors, "i", "o", "uv", sizes)
        whole = oracle.convolve(kernel, image, "i", "o", "uv", sizes, axes)
        assert run.output == whole.output, name
        assert assignment["products"] * 20 == run.multiplications, name
        assert assignment["products"] == sum(stage["products"] for stage in assignment["stages"]), (
            name
        )
        assert assignment["weights"] == sum(len(weights) for _, weights in factors), name
        tried += 1
    assert tried == 3 * 3 * 2 * 2 * 2


def test_an_assignment_is_an_outer_product_exactly_when_its_factors_share_no_letter(assignments):
    outer = 0
    for name, assignment in assignments.items():
        words = [set(text[2:-1].split(",")) for text in assignment["factors"]]
        apart = len(words) == 2 and not words[0] & words[1]
        assert ("⊗" in assignment["exact"] and "per" not in assignment["exact"]) == apart, name
        outer += apart
    assert outer > 5


def test_what_represents_every_kernel_is_never_cheaper():
    found = dict(factoring.assignments(read_layer()))
    full = found[factoring.standard()]["products"]
    universal = [one for one in found.values() if one["exact"] == "every kernel"]
    assert len(universal) > 20
    assert all(one["products"] >= full for one in universal)
    assert factoring.context()["full"] == full


@pytest.mark.parametrize(
    ("assignment", "family"),
    [
        ("first second first second bond", "asymmetric"),
        ("first second second first bond", "asymmetric-horizontal-first"),
        ("both second first first none", "depthwise-separable"),
        ("first both second second none", "blueprint-separable"),
        ("first first first first none", "standard"),
        ("second second first first bond", None),
    ],
)
def test_assignments_have_the_names_of_the_book(assignments, assignment, family):
    assert (assignments[assignment]["family"] or {}).get("name") == family


# Column, then row


@pytest.mark.parametrize("name", asymmetric.ONE_CHANNEL)
def test_the_terms_of_a_filter_add_up_to_it_and_their_number_is_its_rank(name):
    shown = asymmetric.specimen(name)
    size = range(len(shown["rows"]))
    assert [
        [sum(term["column"][u] * term["row"][v] for term in shown["terms"]) for v in size]
        for u in size
    ] == shown["rows"]
    assert rank(shown["rows"]) == shown["rank"] == len(shown["terms"])
    for width, said in shown["widths"].items():
        assert said["exact"] == (int(width) >= shown["rank"])
        if not said["exact"]:
            down, across = said["minor"]["at"]
            square = [[shown["rows"][y][x] for x in across] for y in down]
            assert rank(square) == len(down) == int(width) + 1
            assert 0 < float(said["error"]) < 100


@pytest.mark.parametrize("name", ["shared", "pairs", "identity"])
def test_the_matrix_holds_the_filters_and_has_the_rank_that_is_said(name):
    shown = asymmetric.several()[name]
    at = shown["filters"]
    assert shown["matrix"] == [
        [at[o][i][u][v] for i in range(2) for u in range(3)] for o in range(2) for v in range(3)
    ]
    assert shown["rank"] == rank(shown["matrix"])
    assert shown["ranks"] == [[rank(one) for one in line] for line in at]


def test_filters_of_rank_one_do_not_make_a_narrow_pair():
    shown = asymmetric.several()
    assert shown["shared"]["ranks"] == shown["pairs"]["ranks"] == [[1, 1], [1, 1]]
    assert shown["shared"]["rank"] == 1 < shown["pairs"]["rank"]


@pytest.mark.parametrize("layer", asymmetric.LAYERS)
def test_what_a_width_costs_is_the_size_of_its_two_filters(layer):
    into, out, taps, widths = layer
    shown = asymmetric.costs(*layer)
    assert shown["standard"] == into * out * taps * taps
    assert [one["m"] for one in shown["widths"]] == list(widths)
    for one in shown["widths"]:
        assert one["weights"] == one["products"] == one["m"] * taps * into + out * one["m"] * taps
        assert (one["weights"] < shown["standard"]) == (one["m"] <= shown["break_even"])


# Space, then channels


def test_the_shares_are_what_the_loops_count():
    rng, (into, out, taps) = random.Random(1), (2, 4, 3)
    sizes = {"i": into, "o": out, "u": taps, "v": taps}
    axes = {x: oracle.Axis(5, taps, before=1, after=1) for x in "uv"}
    image, kernel = tensor(rng, (into, 5, 5)), tensor(rng, (out, into, taps, taps))
    whole = oracle.convolve(kernel, image, "i", "o", "uv", sizes, axes)
    factors = [("iuv", tensor(rng, (into, taps, taps))), ("oi", tensor(rng, (out, into)))]
    run = oracle.pipeline(factors, image, "i", "o", sizes, axes)
    shown = dws.share(taps, out)
    assert Fraction(shown["total"]) == Fraction(run.multiplications, whole.multiplications)


@pytest.mark.parametrize("side", dws.SIDES)
def test_the_shares_are_one_over_outputs_and_one_over_taps(side):
    for outputs in dws.OUTPUTS:
        shown = dws.share(side, outputs)
        assert list(map(Fraction, shown["parts"])) == [
            Fraction(1, outputs),
            Fraction(1, side**2),
        ]
    assert dws.context()["ratio"] == r"\frac{1}{C_{\mathrm{out}}} + \frac{1}{n^{2}}"


def test_the_multiplier_ends_where_every_kernel_is_reached():
    shown = list(dws.multipliers())
    assert [one["M"] for one in shown] == list(range(1, 9))  # min(8 outputs, 9 taps)
    assert [one["exact"] == "every kernel" for one in shown] == [False] * 7 + [True]
    assert dws.needed() == 8


# The map


@pytest.fixture(scope="module")
def regions():
    return same.signatures()


def as_matrix(entries, rows, columns):
    """K[o, i, u, v] given as 16 entries, with some letters for rows and the others for columns."""
    place = {"o": 8, "i": 4, "u": 2, "v": 1}
    steps = [[place[x] for x in letters] for letters in (rows, columns)]
    across, down = (
        [sum(a * b for a, b in zip(at, s, strict=True)) for at in product((0, 1), repeat=len(s))]
        for s in reversed(steps)
    )
    return [[entries[y + x] for x in across] for y in down]


def test_asymmetric_on_the_map_is_a_rank_for_every_kernel(regions):
    for number in random.Random(3).sample(range(2**16), 6000):
        entries = [number >> place & 1 for place in range(15, -1, -1)]
        narrow = rank(as_matrix(entries, "ov", "iu")) <= same.WIDTH
        assert narrow == ("A" in regions[number]), entries


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("D", ("iuv", "oi")),
        ("B", ("oi", "ouv")),
        ("S", ("iu", "iv", "oi")),
        ("F", ("oi", "ou", "ov")),
    ],
)
def test_a_form_on_the_map_is_what_all_weights_of_zeros_and_ones_reach(regions, form, words):
    """An outer product of zeros and ones has factors of zeros and ones."""
    sizes = dict.fromkeys("oiuv", 2)
    lengths = [2 ** len(word) for word in words]
    reached = set()
    for bits in product((0, 1), repeat=sum(lengths)):
        factors, left = [], list(bits)
        for word, length in zip(words, lengths, strict=True):
            at = product((0, 1), repeat=len(word))
            factors.append((word, dict(zip(at, left[:length], strict=True))))
            left = left[length:]
        kernel = oracle.contract(factors, "i", "o", "uv", sizes)
        reached.add(int("".join(map(str, kernel.values())), 2))
    assert reached == {number for number, region in enumerate(regions) if form in region}


def test_the_regions_are_those_of_the_theorem(regions):
    """T18: both inner forms lie where it says, and nothing else is between the families."""
    assert set(regions) == set(same.PLACES)
    assert len(regions) == 2**16 == sum(same.census().values())
    for region in same.PLACES:
        assert "S" not in region or ("D" in region and "A" in region)
        assert "F" not in region or ("B" in region and "A" in region)
        assert ("S" in region and "B" in region) == ("F" in region and "D" in region)


@pytest.mark.parametrize("region", same.PLACES)
def test_the_witness_of_a_region_lies_in_it(regions, region):
    shown = same.witness(region)
    number = int("".join(map(str, shown["entries"])), 2)
    assert regions[number] == region
    assert number
    assert shown["vertical"] == rank(as_matrix(shown["entries"], "ov", "iu"))
    assert shown["horizontal"] == rank(as_matrix(shown["entries"], "ou", "iv"))
    assert (shown["vertical"] <= 2) == (shown["horizontal"] <= 2) == ("A" in region)
    for form, why in shown["why"].items():
        assert ("minor" in why) == (form not in region)


def test_the_map_is_drawn_with_these_regions_and_no_other():
    left, top, width, height = same.BOX
    drawn = {
        same.region_of((x, y))
        for x in range(left, left + width, 3)
        for y in range(top, top + height, 3)
    }
    assert drawn == set(same.PLACES)
    for region, place in same.PLACES.items():
        assert same.region_of(place) == region
        rims = [abs(dist(place, (d.x, d.y)) - d.radius) for d in (*same.DISCS.values(),)]
        assert min(rims) > 8, "a dot on a rim"
    assert (
        min(dist(a, b) for a in same.PLACES.values() for b in same.PLACES.values() if a != b) > 30
    )
    assert same.drawn().count('class="dot"') == len(same.PLACES)


def test_families_of_the_map_are_families_of_the_book():
    assert {*same.FORMS.values(), same.OTHER_ORDER} <= set(FAMILIES)


@pytest.mark.parametrize("lesson", course.COURSE, ids=lambda lesson: lesson.slug)
def test_every_lesson_begins_with_its_idea_in_three_sentences(lesson):
    said = f"{lesson.idea} {lesson.further}".removeprefix("No. ")  # the answer to a title that asks
    assert len(re.findall(r"\.(?: |$)", said)) == 3, said
    head = render(
        lesson.template, course.module(lesson).context(), navigation=course.navigation(lesson.slug)
    )
    assert f"{lesson.idea} {lesson.further}\n{{: .idea }}" in head


TERM = re.compile(r"\[[^\]]+\]\(\.\./reference/glossary\.md#([a-z0-9-]+)\)")


def test_terms_of_the_glossary_are_linked_from_the_lessons_that_use_them():
    glossary = (ROOT / "docs" / "reference" / "glossary.md").read_text("utf-8")
    defined = set(re.findall(r'^<span id="([a-z0-9-]+)">', glossary, re.MULTILINE))
    linked = {}
    for lesson in course.COURSE:
        text = (course.TEMPLATES / f"{lesson.slug}.md.j2").read_text("utf-8")
        linked[lesson.slug] = set(TERM.findall(text)) - {"terms"}
    assert set().union(*linked.values()) <= defined
    assert [slug for slug, terms in linked.items() if not terms] == ["counting"]
    assert len(set().union(*linked.values())) >= 11
