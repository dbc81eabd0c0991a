"""The formulas of a page stand where KaTeX itself puts them, and say what KaTeX says."""

import pytest

PAGES = ("families/asymmetric/", "theorems/in-bounds-taps/", "theorems/gaussian-radial/")
# Every character that a reader sees of a formula on a line of its own: itself, and how far from the
# left and the top of the formula it stands; first as the page has it, then as KaTeX sets its TeX.
SET = r"""async (script) => {
  await import(script);
  const seen = (formula) => {
    const found = [], painted = formula.querySelector(".katex-html"), all = document.createRange();
    const { left, top } = formula.querySelector(".katex-base").getBoundingClientRect();
    const words = document.createTreeWalker(painted, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      for (let i = 0; i < words.currentNode.length; i++) {
        all.setStart(words.currentNode, i);
        all.setEnd(words.currentNode, i + 1);
        const sign = words.currentNode.data[i], box = all.getBoundingClientRect();
        if (sign === "\u200b") continue; // holds a table of KaTeX's open
        found.push([sign, box.left - left, box.top - top, box.width]);
      }
    }
    return found;
  };
  const heard = (formula) =>
    [...formula.querySelectorAll("mi, mn, mo")].map((one) => one.textContent).join("");
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  await document.fonts.ready;
  return [...document.querySelectorAll(".md-content .katex-display")].map((ours) => {
    const tex = ours.querySelector("annotation").textContent, place = document.createElement("div");
    ours.after(place);
    window.katex.render(tex, place, { displayMode: true });
    const pair = [ours, place].map((one) => {
      return { seen: seen(one), heard: heard(one), size: one.innerHTML.length };
    });
    place.remove();
    return { tex, ours: pair[0], katex: pair[1] };
  });
}"""
NEAR = 0.75  # pixels, less than what a browser rounds a line to


@pytest.mark.parametrize("path", PAGES)
def test_a_compact_formula_looks_and_sounds_as_katex_sets_it(visit, site, path):
    page = visit(path)
    formulas = page.evaluate(SET, f"{site}assets/katex/katex.min.js")
    assert len(formulas) > 10
    for one in formulas:
        ours, theirs = one["ours"], one["katex"]
        assert [sign for sign, *_ in ours["seen"]] == [sign for sign, *_ in theirs["seen"]]
        apart = [
            abs(a - b)
            for (_, *here), (_, *there) in zip(ours["seen"], theirs["seen"], strict=True)
            for a, b in zip(here, there, strict=True)
        ]
        assert max(apart) < NEAR, one["tex"]
        assert ours["heard"] == theirs["heard"], one["tex"]
    sizes = [sum(one[side]["size"] for one in formulas) for side in ("ours", "katex")]
    assert sizes[0] < 0.6 * sizes[1]
