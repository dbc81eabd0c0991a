// How a family is drawn in every plot of the lab: a colour, a dash and a marker, never a colour alone.

import { svg } from "../learn/widgets.js";

const MARKERS = {
  disc: "M-1,0a1,1 0 1 0 2,0a1,1 0 1 0 -2,0z",
  square: "M-.9,-.9h1.8v1.8h-1.8z",
  up: "M0,-1.15L1.1,.85H-1.1z",
  diamond: "M0,-1.25L1.25,0L0,1.25L-1.25,0z",
  down: "M0,1.15L1.1,-.85H-1.1z",
  cross: "M-1,-1L1,1M1,-1L-1,1",
  plus: "M-1.2,0H1.2M0,-1.2V1.2",
  bar: "M-.4,-1.2H.4V1.2H-.4z",
};
const DASHES = ["", "7 3", "2 3", "9 3 2 3"];
const COLOURS = 7;

/** The look of a family: its place in the catalogue picks colour, dash and marker. */
export function lookOf(name, families) {
  if (name === "standard") return { colour: "var(--md-default-fg-color)", dash: "", marker: "", width: 2.4, turn: 0 };
  const n = families.indexOf(name) - (families.indexOf("standard") < families.indexOf(name) ? 1 : 0);
  const round = Math.floor(n / COLOURS);
  return {
    colour: `var(--line-${(n % COLOURS) + 1})`,
    dash: DASHES[(n + round) % DASHES.length],
    marker: Object.keys(MARKERS)[(n + 3 * round) % 8],
    width: 1.7,
    turn: n,
  };
}

/** One marker at a place; an open one where only its rim is drawn. */
export function marker(look, x, y, size = 4, open = false) {
  const thin = ["cross", "plus"].includes(look.marker);
  return svg("path", {
    d: MARKERS[look.marker] ?? MARKERS.disc, transform: `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${size})`,
    fill: thin ? "none" : open ? "var(--md-default-bg-color)" : look.colour, stroke: look.colour,
    "stroke-width": 1.6, "vector-effect": "non-scaling-stroke",
  });
}

/** The sample of a line in a legend. */
export function swatch(look) {
  return svg("svg", { class: "swatch", viewBox: "0 0 36 14", width: 36, height: 14, "aria-hidden": "true" },
    svg("path", { d: "M1,7H35", stroke: look.colour, "stroke-width": look.width, "stroke-dasharray": look.dash, fill: "none" }),
    look.marker && marker(look, 18, 7, 3.6));
}
