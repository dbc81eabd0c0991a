// A pipeline at work: one output pixel being made, number by number. One function from its facts and its state to its
// elements; it draws the first state in node when the site is built (derive/site/first_state.py).

import { html, svg } from "./dom.js";
import { lettered, number } from "./learn/widgets.js";

const WIDTH = 440, CELL = 23, GAP = 20; // of a pixel, and between planes
const TAP = 20, LABEL = 17, ROOM = 13; // of a weight, a line of text, and above and below a stage

/** Every number that one output pixel takes, in the order of the stages: where it stands, and its products. */
export function steps(facts, pixel) {
  const { stages } = facts, all = [];
  let wanted = [pixel];
  for (let stage = stages.length - 1; stage >= 0; stage -= 1) {
    const made = wanted.map((place) => ({ stage, place, products: products(facts, stage, place) }));
    all.unshift(...made);
    const sources = made.flatMap((one) => one.products.filter((product) => product.value !== null).map(({ place }) => String(place)));
    wanted = [...new Set(sources)].map((text) => text.split(",").map(Number)).sort(inOrder);
  }
  return all;
}

const inOrder = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The products of a number: weight, where its pixel stands, and the pixel's value, null outside of the image. */
function products(facts, stage, [plane, y, x]) {
  const { letters, weights } = facts.stages[stage], from = facts.tensors[stage];
  const own = named(facts.tensors[stage + 1], plane), found = [];
  from.planes.forEach((source, at) => {
    const known = { ...own, ...named(from, at) };
    if (Object.entries(own).some(([letter, value]) => known[letter] !== value)) return; // another group or channel
    for (const [u, v] of taps(facts, letters)) {
      const place = [at, y + (u ?? 0) - middle(facts, u, "u"), x + (v ?? 0) - middle(facts, v, "v")];
      const weight = weights[letters.map((letter) => ({ ...known, u, v })[letter]).join(",")];
      found.push({ weight, tap: [u ?? 0, v ?? 0], place, value: source.rows[place[1]]?.[place[2]] ?? null });
    }
  });
  return found;
}

const named = ({ letters, planes }, plane) => Object.fromEntries(letters.map((letter, n) => [letter, planes[plane].at[n]]));

const middle = ({ sizes }, tap, letter) => (tap === null ? 0 : (sizes[letter] - 1) / 2);

/** The taps of a factor, null along an axis that it does not hold. */
function taps({ sizes }, letters) {
  const along = (letter) => (letters.includes(letter) ? [...Array(sizes[letter]).keys()] : [null]);
  return along("u").flatMap((u) => along("v").map((v) => [u, v]));
}

/** The sum behind a number: 2·3 − 1·0 + …, zeros of the padding included. */
export function sum(step) {
  const terms = step.products.map(({ weight, value }, n) => {
    const sign = weight < 0 ? "− " : n ? "+ " : "";
    return `${n ? " " : ""}${n ? sign : sign.trim()}${Math.abs(weight)}·${factor(value ?? 0)}`;
  });
  return terms.join("");
}

const factor = (value) => (value < 0 ? `(${number(value)})` : String(value));

export const value = (facts, { stage, place: [plane, y, x] }) => facts.tensors[stage + 1].planes[plane].rows[y][x];

/** The name of a number: Z[1, 2, 0], with the letters of a plane before its row and column. */
export function name(facts, { stage, place: [plane, y, x] }) {
  const tensor = facts.tensors[stage + 1];
  return `${tensor.name}[${[...shown(facts, tensor).map((n) => tensor.planes[plane].at[n]), y, x].join(", ")}]`;
}

/** Which of a tensor's letters take more than one value. */
const shown = ({ sizes }, { letters }) => [...letters.keys()].filter((n) => sizes[letters[n]] > 1);

/** The state that the page comes with: the pixel in the middle, finished. */
export function opening(facts) {
  const half = (facts.side - 1) / 2, pixel = [0, half, half];
  return { pixel, at: steps(facts, pixel).length - 1 };
}

/** The elements of a state: the pixel [plane, y, x], the number of the step, and whether a script answers and plays. */
export function atWork(facts, { pixel, at, alive, playing }) {
  const all = steps(facts, pixel), step = all[at];
  return [
    html("div", { class: "player" },
      html("button", { type: "button", class: "control press", "data-go": "-1", "aria-label": "Step back" }, "‹"),
      html("button", { type: "button", class: "control press play", "data-play": true }, playing ? "Pause" : "Play"),
      html("button", { type: "button", class: "control press", "data-go": "1", "aria-label": "Step forward" }, "›"),
      html("span", { class: "count" }, `Number ${at + 1} of ${all.length}`)),
    picture(facts, all, at, pixel, alive),
    html("p", { class: "sum-line", "aria-live": playing ? "off" : "polite" },
      html("strong", {}, name(facts, step)), ` = ${sum(step)} = `, html("strong", {}, number(value(facts, step)))),
    html("details", { class: "all-sums" }, html("summary", {}, all.length > 1 ? `All ${all.length} sums of this pixel` : "The sum of this pixel"),
      html("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `The sums of ${name(facts, all.at(-1))}` },
        html("table", {},
          html("thead", {}, html("tr", {}, ["number", "weights times numbers", "sum"].map((words) => html("th", { scope: "col" }, words)))),
          html("tbody", {}, all.map((one) =>
            html("tr", {}, html("th", { scope: "row" }, name(facts, one)), html("td", {}, sum(one)), html("td", {}, number(value(facts, one))))))))),
  ];
}

/** The planes of the output once a script answers. */
export function output(facts, { pixel, at }) {
  return planes(facts, steps(facts, pixel), at, facts.stages.length, tops(facts).at(-1), pixel, true);
}

function picture(facts, all, at, pixel, alive) {
  const below = tops(facts), parts = facts.tensors.flatMap((_, n) => [
    ...(n ? [band(facts, all, at, n - 1, below[n] - ROOM - bandHeight(facts, n - 1))] : []),
    ...planes(facts, all, at, n, below[n], pixel, alive),
  ]);
  const height = below.at(-1) + LABEL + facts.side * CELL + 6;
  return svg("svg", { class: "at-work", viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": described(facts) }, parts);
}

/** Where the planes of each tensor start, below those before and the stage between. */
const tops = (facts) => facts.stages.reduce(
  (found, _, n) => [...found, found[n] + LABEL + facts.side * CELL + bandHeight(facts, n) + 2 * ROOM], [4]);

const bandHeight = ({ stages, sizes }, n) => LABEL + (stages[n].letters.includes("u") ? sizes.u : 1) * TAP;

const described = ({ title, stages }) =>
  `${title} on a small image: ${stages.map((one) => `${one.factor}, ${one.filters}`).join("; then ")}.`;

/** Where the first plane of a tensor starts, and how far the next one is. */
function across({ tensors, side }, n) {
  const count = tensors[n].planes.length;
  const cell = Math.min(CELL, (WIDTH - GAP * count) / (count * side)), wide = cell * side;
  return { cell, wide, left: (plane) => (WIDTH - count * wide - (count - 1) * GAP) / 2 + plane * (wide + GAP) };
}

/** The planes of a tensor; of those that the pipeline makes, the numbers that have been made. */
function planes(facts, all, at, n, top, pixel, alive) {
  const tensor = facts.tensors[n], { cell, wide, left } = across(facts, n), last = n === facts.stages.length;
  const made = new Set(all.slice(0, at + 1).filter((one) => one.stage === n - 1).map(({ place }) => String(place)));
  const largest = Math.max(1, ...tensor.planes.flatMap(({ rows }) => rows.flat().map(Math.abs)));
  const step = all[at], heard = last && alive; // else the plane is hidden from screen readers, and its texts with it
  const silent = heard ? { "aria-hidden": "true" } : {};
  const target = step.stage === n - 1 ? String(step.place) : "";
  return tensor.planes.map((plane, p) => {
    const cells = plane.rows.flatMap((row, y) => row.map((entry, x) => {
      const place = [p, y, x], known = n === 0 || made.has(String(place)), chosen = last && String(place) === String(pixel);
      const kinds = ["cell", known ? tint(entry) : "none", String(place) === target && "target", chosen && "chosen"].filter(Boolean);
      const choice = heard && { role: "radio", "aria-checked": String(chosen), tabindex: chosen ? "0" : "-1",
        "aria-label": `${labelled(facts, tensor, p)}, row ${y}, column ${x}`, "data-pixel": String(place) };
      const size = known && entry ? { "--size": `${Math.round((100 * Math.abs(entry)) / largest)}%` } : {};
      return svg("g", { class: kinds.join(" "), ...size, ...(choice || {}) },
        svg("rect", { x: left(p) + x * cell + 1, y: top + LABEL + y * cell + 1, width: cell - 2, height: cell - 2, rx: 2 }),
        known && svg("text", { x: left(p) + (x + 0.5) * cell, y: top + LABEL + (y + 0.5) * cell, ...silent }, number(entry)));
    }));
    const read = (one) => (one.stage === n ? one.products : []).filter(({ place }) => place[0] === p);
    const outline = (found, kind) => framed(found, kind, (x) => left(p) + x * cell, (y) => top + LABEL + y * cell, cell);
    return svg("g", { class: "plane", ...(heard ? { role: "radiogroup", "aria-label": labelled(facts, tensor, p) } : { "aria-hidden": "true" }) },
      svg("text", { class: "name", x: left(p) + wide / 2, y: top + LABEL / 2, ...silent }, lettered(labelled(facts, tensor, p), true)),
      cells, n === 0 && outline(all.flatMap(read), "reach"), outline(read(step), "window"));
  });
}

const tint = (entry) => (entry > 0 ? "plus" : entry < 0 ? "minus" : "zero");

/** What stands above a plane: X, i = 0. */
function labelled(facts, tensor, plane) {
  return [tensor.name, ...shown(facts, tensor).map((n) => `${tensor.letters[n]} = ${tensor.planes[plane].at[n]}`)].join(", ");
}

/** A frame around the pixels that products read, if there are any. */
function framed(found, kind, across, down, cell) {
  if (!found.length) return null;
  const [rows, columns] = [1, 2].map((axis) => found.map(({ place }) => place[axis]));
  const [y, x] = [Math.min(...rows), Math.min(...columns)];
  return svg("rect", { class: kind, x: across(x), y: down(y), width: (Math.max(...columns) - x + 1) * cell,
    height: (Math.max(...rows) - y + 1) * cell, rx: 3 });
}

/** A stage: under every plane that it reads the weights that a number takes from there, those at work in full colour. */
function band(facts, all, at, stage, top) {
  const { factor, letters, filters } = facts.stages[stage], working = all[at].stage === stage;
  const { wide, left } = across(facts, stage);
  const grids = facts.tensors[stage].planes.map((_, p) => {
    const one = latest(all, at, (step) => step.stage === stage && step.products.some(({ place }) => place[0] === p));
    const used = one?.products.filter(({ place }) => place[0] === p) ?? [];
    const columns = Math.max(...used.map(({ tap }) => tap[1])) + 1, start = left(p) + wide / 2 - (columns * TAP) / 2;
    return svg("g", { class: one === all[at] ? "taps working" : "taps" }, used.map(({ weight, tap: [u, v] }) => {
      const place = { x: start + v * TAP, y: top + LABEL + u * TAP };
      return svg("g", { class: "tap" }, svg("rect", { ...place, width: TAP, height: TAP }),
        svg("text", { x: place.x + TAP / 2, y: place.y + TAP / 2 }, number(weight)));
    }));
  });
  const words = `${factor}[${letters.join(", ")}]: ${filters}`;
  return svg("g", { class: working ? "band working" : "band", "aria-hidden": "true" },
    svg("text", { class: "name", x: WIDTH / 2, y: top + LABEL / 2 }, lettered(words, true)), grids);
}

/** The step now if it is of a kind, else the last one before it, else the first one after it. */
function latest(all, at, kind) {
  return all.slice(0, at + 1).reverse().find(kind) ?? all.slice(at).find(kind);
}
