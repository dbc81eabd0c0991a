// What every width leaves and costs, and which of the widths matter for a choice. The words come from Python.

import "../save-picture.js";
import { html } from "../dom.js";
import { full, targets, twoPasses, words as WORDS } from "./cost.js";
import { curve, percent } from "./curve.js";
import { missed } from "./spectrum.js";

/**
 * {width, error, cost, words} of the widths from 1 to the rank; `sides` are rows and columns of the kernel. What a width
 * is called depends on the wider ones too.
 */
export function widths(values, rank, sides) {
  const [k_h, k_w] = sides.map(BigInt);
  const points = Array.from({ length: Math.min(...sides) }, (_, n) => ({
    width: n + 1, error: missed(values, n + 1).relative, cost: Number(twoPasses({ k_h, k_w, m: BigInt(n + 1) })), words: [],
  }));
  const whole = Number(full({ k_h, k_w }));
  const last = (saves) => points[points.findIndex((point) => !saves(point)) - 1] ?? (saves(points[0]) ? points.at(-1) : undefined);
  const marks = [
    [last(({ cost }) => 2 * cost <= whole), WORDS.half],
    [last(({ cost }) => cost < whole), WORDS.even],
    ...targets.map((target, n) => [points.find(({ error }) => error <= target), WORDS.within[n]]),
  ];
  for (const [point, words] of marks) point?.words.push(words);
  return { points: points.slice(0, Math.max(rank, 1)), full: whole };
}

/** The table, whose buttons keep a width, and the picture next to it. */
export function widthsShown({ points, full: whole }, kept, keep) {
  const head = ["width", "relative error", "multiplications a pixel", "of the full kernel", "what it is"];
  const row = ({ width, error, cost, words }) => html("tr", { class: width === kept ? "kept" : cost >= whole ? "dearer" : null, "data-width": width },
    html("th", { scope: "row" }, html("button", { type: "button", "aria-pressed": String(width === kept), "aria-label": `Keep ${width}`, onclick: () => keep(width) }, String(width))),
    html("td", {}, percent(error)),
    html("td", {}, String(cost)),
    html("td", { class: "share" }, `${(cost / whole).toFixed(2)} ×`),
    html("td", { class: "words" }, words.join(", ")));
  return [
    html("div", { class: "lab-scroll", role: "region", "aria-label": "Error and cost at every width", tabindex: "0" },
      html("table", { class: "lab-table kl-widths" },
        html("caption", {}, `${points.length} ${points.length === 1 ? "width" : "widths"}, ${whole} multiplications a pixel in full`),
        html("thead", {}, html("tr", {}, head.map((text, n) => html("th", { scope: "col", class: [null, null, null, "share", "words"][n] }, text)))),
        html("tbody", {}, points.map(row)))),
    html("figure", { class: "kl-plot", "data-picture": "widths" }, curve({ points, full: whole, targets, kept, name: "This kernel" }), html("save-picture")),
  ];
}
