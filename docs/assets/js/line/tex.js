// Formulas and sentences that Python wrote, set in the page. KaTeX comes from this site when it is first needed.

import { html } from "../learn/widgets.js";

const KATEX = new URL("../../katex/katex.min.js", import.meta.url);
const LONG = 60; // characters of TeX from which a formula may be wider than its column
const PIECES = /\\\((.+?)\\\)|\\\[(.+?)\\\]|\*\*(.+?)\*\*|\*(?=\S)(.+?)\*|`(.+?)`|\[([^\]]+)\]\([^)]*\)/gs;
let coming;

/** KaTeX, fetched once; without it formulas show as TeX. */
export function katex() {
  coming ??= import(KATEX).then(() => window.katex).catch(() => (coming = null));
  return coming;
}

/** A formula on a line of its own, which scrolls if it is long, so that the keyboard has to reach it. */
export function display(tex) {
  return html("div", { class: "formula", tabindex: tex.length > LONG ? "0" : null }, set(tex, true));
}

/** A formula in the line. */
export function inline(tex) {
  return set(tex, false);
}

function set(tex, displayMode) {
  const place = html("span");
  if (window.katex) window.katex.render(tex, place, { displayMode, throwOnError: false, trust: false });
  else place.append(html("code", {}, tex));
  return place;
}

/** A sentence of a proof as nodes: its formulas set, its emphasis kept, its links as plain words. */
export function sentence(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(PIECES)) {
    const [whole, small, large, strong, em, code, link] = found;
    nodes.push(text.slice(from, found.index));
    if (small !== undefined) nodes.push(inline(small));
    else if (large !== undefined) nodes.push(display(large));
    else if (strong !== undefined) nodes.push(html("strong", {}, sentence(strong)));
    else if (em !== undefined) nodes.push(html("em", {}, sentence(em)));
    else if (code !== undefined) nodes.push(html("code", {}, code));
    else nodes.push(...sentence(link));
    from = found.index + whole.length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}
