// Error and cost of a kernel at every width, as a picture: the error in decades, the cost in multiplications a pixel.

import { svg } from "../dom.js";
import { figures } from "./heat.js";

const [WIDE, HIGH] = [420, 250];
const SIDE = { left: 58, right: 14, top: 32, bottom: 40 };
const FLOOR = 1e-3; // the smallest error that is distinguished from 0
const DECADES = [1, 0.1, 0.01, FLOOR];

/** A share in per cent, to two figures. */
export const percent = (share) => (share ? `${share >= FLOOR ? Number((100 * share).toPrecision(2)) : figures(100 * share, 2)} %` : "0");

/**
 * Points are {width, error, cost, words}, narrowest first; `full` is the cost of the kernel in full, `targets` errors
 * with a line each, `kept` the width that is marked, `wide` how wide the picture is against the size of its letters.
 */
export function curve({ points, full, targets, kept, name, wide = WIDE }) {
  const right = wide - SIDE.right;
  const most = 1.06 * Math.max(full, ...points.map(({ cost }) => cost));
  const x = (cost) => SIDE.left + (cost / most) * (right - SIDE.left);
  const y = (error) => SIDE.top + (Math.log10(Math.max(error, FLOOR)) / Math.log10(FLOOR)) * (HIGH - SIDE.top - SIDE.bottom);
  const at = ({ cost, error }) => `${x(cost).toFixed(1)},${y(error).toFixed(1)}`;
  return svg("svg", { class: "kl-curve", viewBox: `0 0 ${wide} ${HIGH}`, role: "img", "aria-label": `${name}: relative error against multiplications a pixel, at every width` },
    frame(x, y, { full, targets, right }),
    svg("path", { class: "line", d: `M${points.map(at).join("L")}` }),
    points.map((point) => dot(x(point.cost), y(point.error), point, point.width === kept)),
    svg("text", { class: "axis", x: right, y: HIGH - 6, "text-anchor": "end" }, "multiplications a pixel →"),
    svg("text", { class: "axis", x: 4, y: 14 }, "relative error"));
}

/** Errors across, the cost in full and half of it up and down, and what costs more than the kernel itself. */
function frame(x, y, { full, targets, right }) {
  const bottom = HIGH - SIDE.bottom;
  const across = (error, kind) => svg("path", { class: kind, d: `M${SIDE.left},${y(error).toFixed(1)}H${right}` });
  const up = (cost, kind, words) => [
    svg("path", { class: kind, d: `M${x(cost).toFixed(1)},${SIDE.top - 4}V${bottom}` }),
    svg("text", { x: x(cost).toFixed(1), y: SIDE.top - 9, "text-anchor": "middle" }, words),
    svg("text", { x: x(cost).toFixed(1), y: bottom + 16, "text-anchor": "middle" }, String(cost)),
  ];
  const label = (error) => svg("text", { x: SIDE.left - 7, y: (y(error) + 4).toFixed(1), "text-anchor": "end" }, `${error > FLOOR ? "" : "≤ "}${percent(error)}`);
  return [
    svg("rect", { class: "beyond", x: x(full).toFixed(1), y: SIDE.top - 4, width: Math.max(0, right - x(full)).toFixed(1), height: bottom - SIDE.top + 4 }),
    DECADES.map((error) => across(error, "grid")),
    targets.map((error) => across(error, "target")),
    [...new Set([...DECADES, ...targets])].map(label),
    up(full / 2, "half", "half"),
    up(full, "full", "in full"),
  ];
}

function dot(x, y, { width, error, cost, words }, kept) {
  const title = `width ${width}: error ${percent(error)}, ${cost} multiplications a pixel${words.length ? `, ${words.join(", ")}` : ""}`;
  return svg("g", { class: kept ? "dot kept" : "dot", "data-width": width },
    svg("title", {}, title),
    svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: kept ? 6 : 4 }),
    svg("text", { x: (x + 8).toFixed(1), y: (y - 7).toFixed(1) }, String(width)));
}
