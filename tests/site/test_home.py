"""The home page: the answer in the words of the question, with numbers of the layer asked about."""

from derive.catalogue import FAMILIES
from derive.notation.letters import C_in, C_out, k_h, k_w, M, m
from derive.site.pages import home
from derive.site.templating import render

QUESTION = {C_in: 3, C_out: 8, k_h: 3, k_w: 3}
THEOREMS = ("asymmetric-rank", "two-factor", "rank-one", "intersections")


def page():
    class Theorem:
        number, title = "T0", "a theorem"

    return render("index.md.j2", home.context(), theorems=dict.fromkeys(THEOREMS, Theorem))


def test_the_title_and_the_description_have_the_words_of_the_question():
    head, body = page().split("\n# ", 1)
    for words in ("asymmetric", "depthwise separable convolution"):
        assert words in head.split("description:")[0]
        assert words in head.split("description:")[1]
        assert words in body.split("\n", 1)[0]
    assert "They are not the same thing" in body.split("\n## ")[0]


def test_layers_are_written_as_the_question_writes_them():
    designs = {design.name: design for design in home.context().designs}
    assert designs["asymmetric"].filters == ("m filters of n × 1 × 3", "8 filters of 1 × n × m")
    assert designs["depthwise-separable"].filters == (
        "3 filters of n × n × 1",
        "8 filters of 1 × 1 × 3",
    )
    assert designs["standard"].filters == ("8 filters of n × n × 3",)
    text = page()
    for design in designs.values():
        for row in design.rows:
            known = {**QUESTION, **row.setting}
            weights = int(FAMILIES[design.name].parameters.xreplace(known))
            assert f"| {weights} | {weights * 128 * 128:,} |" in text
    assert [row.setting[m] for row in designs["asymmetric"].rows] == [3, 8]


def test_how_far_apart_they_are_is_counted():
    apart = home.context().apart
    pair, separable = apart["asymmetric"], apart["depthwise-separable"]
    for row in (pair, separable):
        known = {**QUESTION, **row.setting}
        assert row.parameters == int(FAMILIES[row.name].parameters.xreplace(known))
    # Every depthwise separable kernel has rank at most min(C_out·k_w, C_in·min(k_h, k_w)) (T18);
    # an asymmetric slice has at most as many independent filters as outputs.
    assert pair.setting[m] == min(8 * 3, 3 * min(3, 3))
    assert separable.setting[M] == min(8, 3 * 3)
    text = page()
    assert f"That takes {pair.parameters} weights" in text
    assert f"That takes {separable.parameters} weights" in text


def test_both_questions_below_it_and_the_installation_are_linked():
    after = page().split("## Where to go next")[1]
    for link in (
        "learn/depthwise-separable.md#linear-combination",
        "learn/channels.md#role",
        "learn/index.md",
        "install.md",
    ):
        assert f"]({link})" in after
