// A line plot in SVG: follows the colour scheme by itself, prints, and is read out at any place by pointer or slider.
//
// Places on the axes are rounded; every number that is shown in words is the exact one.

import "../save-picture.js";
import { html, svg, unique } from "../learn/widgets.js";
import { figures, Fraction, thousands } from "../numbers.js";
import { lookOf, marker, swatch } from "./families.js";

const SIDE = { left: 58, right: 16, top: 14, bottom: 40 };
const HEIGHT = 340;
const MARKS = 7; // markers along a line

export const exactly = (value) =>
  value === null ? "–" : value instanceof Fraction ? figures(value.toNumber(), 4) : thousands(value);
const toNumber = (value) => (value === null ? null : value instanceof Fraction ? value.toNumber() : Number(value));
const PREFIXES = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** A number on an axis: 2.5M, 400k, 10P is written 1e16. */
function compact(value) {
  const [size, prefix] = PREFIXES.find(([least]) => value >= least) ?? [1, ""];
  return `${figures(value / size)}${prefix}`;
}

/**
 * A figure with its own legend and slider. `plotted` is {id, title, x, families}; show(data) draws
 * data = {xs, lines, y, log, at, hidden}; news(change) hears {at} and {hidden}.
 */
export function plot(plotted, news) {
  const name = unique(plotted.id);
  const canvas = svg("svg", { class: "lab-plot", height: HEIGHT, role: "img", "aria-labelledby": `${name}-title` });
  const cursor = html("input", { type: "range", id: `${name}-at`, step: "1", min: "0", oninput: () => read(Number(cursor.value), true) });
  const where = html("output", { for: `${name}-at` });
  const legend = html("ul", { class: "lab-legend", "aria-label": `Lines of the plot: ${plotted.title}` });
  const edges = html("p", { class: "edges" });
  const behind = html("details", { class: "numbers", ontoggle: () => behind.open && fill() },
    html("summary", {}, `The numbers behind the plot`), html("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": `Numbers: ${plotted.title}` }));
  const node = html("figure", { class: "lab-figure", "data-plot": plotted.id, "data-picture": plotted.id },
    html("figcaption", { id: `${name}-title` }, plotted.title),
    html("div", { class: "lab-drawing" }, canvas,
      html("p", { class: "reading" }, cursor, html("label", { for: `${name}-at` }, `read at ${plotted.x} =`), where)),
    legend, edges, html("save-picture"), behind);
  let data = null, drawn = null, at = 0, wide = 0;

  function show(next) {
    data = next;
    cursor.max = data.xs.length - 1;
    at = nearest(data.xs, data.at);
    cursor.value = at;
    list();
    say();
    draw();
    if (behind.open) fill();
  }

  function draw() {
    const width = Math.max(260, Math.round(wide || 640));
    canvas.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    canvas.setAttribute("width", width);
    const lines = data.lines.filter(shown);
    const x = scaleX(data.xs, width);
    const y = scaleY(lines.flatMap(({ values }) => values.map(toNumber).filter((value) => value !== null)), data.log, data.most);
    drawn = { x, y };
    canvas.replaceChildren(
      frame(x, y, width),
      svg("text", { class: "axis", x: SIDE.left, y: HEIGHT - 6 }, `${plotted.x} →`),
      svg("clipPath", { id: `${name}-clip` }, svg("rect", { x: 0, y: SIDE.top - 6, width, height: HEIGHT - SIDE.top - SIDE.bottom + 12 })),
      svg("g", { "clip-path": `url(#${name}-clip)` },
        lines.filter(({ values }) => values.some((value) => value !== null)).map((line) => curve(line))),
      ...crossings(lines),
      svg("g", { class: "cursor" }));
    read(at, false);
  }

  function curve(line) {
    const look = lookOf(line.name, plotted.families);
    const points = line.values.map((value, n) => (value === null ? null : [drawn.x(Number(data.xs[n])), drawn.y(toNumber(value))]));
    const path = points.reduce(([text, pen], point) => (point ? [`${text}${pen}${point[0].toFixed(1)},${point[1].toFixed(1)}`, "L"] : [text, sparse(points) ? "L" : "M"]), ["", "M"])[0];
    const real = points.filter(Boolean);
    const every = Math.max(1, Math.round(real.length / MARKS));
    const marked = look.marker ? real.filter((_, n) => n % every === look.turn % every) : [];
    return svg("g", { class: "line", "data-line": line.label },
      svg("path", { d: path.replace(/^L/, "M"), fill: "none", stroke: look.colour, "stroke-width": look.width, "stroke-dasharray": look.dash, "stroke-linejoin": "round" }),
      marked.map(([a, b]) => marker(look, a, b, 3.6)));
  }

  /** Every break-even on the standard line, with its width where there is room to write it. */
  function crossings(lines) {
    const standard = data.lines.find(({ name: one }) => one === "standard");
    const level = standard?.values.find((value) => value !== null);
    if (level === undefined || !lines.includes(standard)) return [];
    const last = Number(data.xs.at(-1));
    const marks = lines.filter(({ edge }) => edge?.at && edge.at.toNumber() <= last && edge.at.toNumber() >= Number(data.xs[0]))
      .map((line) => ({ line, value: edge(line), look: lookOf(line.name, plotted.families) }))
      .sort((a, b) => a.value - b.value);
    let free = -Infinity, previous = null;
    return marks.map(({ line, value, look }) => {
      const [a, b] = [drawn.x(value), drawn.y(toNumber(level))];
      const again = previous === value;
      previous = value;
      const written = !again && a > free;
      if (written) free = a + 34;
      return svg("g", { class: "crossing", "data-edge": line.label, "data-at": String(line.edge.at) },
        svg("path", { d: `M${a.toFixed(1)},${b.toFixed(1)}V${HEIGHT - SIDE.bottom}`, stroke: look.colour, "stroke-width": 1, "stroke-dasharray": "1 3" }),
        marker({ ...look, marker: look.marker }, a, b, 4.6, true),
        written && svg("text", { x: a, y: b - 9, "text-anchor": "middle" }, figures(value, 3)));
    });
  }

  const edge = (line) => line.edge.at.toNumber();
  const shown = ({ name: family }) => !data.hidden.includes(family);

  function list() {
    legend.replaceChildren(...data.lines.map((line) => {
      const hidden = !shown(line);
      return html("li", {}, html("button", {
        type: "button", "aria-pressed": String(!hidden), "data-line": line.label,
        onclick: () => news({ hidden: hidden ? data.hidden.filter((one) => one !== line.name) : [...data.hidden, line.name] }),
      }, swatch(lookOf(line.name, plotted.families)), html("span", { class: "name" }, line.label), html("span", { class: "value" })));
    }));
  }

  /** The break-evens in words, exact. */
  function say() {
    const words = data.lines.filter(({ edge: one }) => one).map(({ label, word, edge: one }) => {
      const until = one.at_most > 0n ? `cheaper while ${word} ≤ ${thousands(one.at_most)}` : `at no ${word} cheaper`;
      return `${label} ${until}${one.at && one.at.denominator > 1n && one.at_most > 0n ? ` (they meet at ${word} = ${one.at})` : ""}`;
    });
    edges.replaceChildren(...(words.length ? [html("strong", {}, `Fewer ${data.y} than standard: `), `${words.join("; ")}.`] : []));
  }

  function read(index, announce) {
    at = index;
    const value = data.xs[at];
    where.textContent = thousands(value);
    const values = data.lines.map((line) => line.values[at]);
    [...legend.querySelectorAll(".value")].forEach((node_, n) => { node_.textContent = exactly(values[n]); });
    cursor.setAttribute("aria-valuetext", spoken(value));
    const group = canvas.querySelector(".cursor");
    if (group) {
      const a = drawn.x(Number(value));
      group.replaceChildren(svg("path", { d: `M${a.toFixed(1)},${SIDE.top}V${HEIGHT - SIDE.bottom}` }),
        ...data.lines.filter((line, n) => values[n] !== null && shown(line)).map((line) => {
          const n = data.lines.indexOf(line);
          return svg("circle", { cx: a, cy: drawn.y(toNumber(values[n])), r: 2.6, fill: lookOf(line.name, plotted.families).colour });
        }));
    }
    if (announce) news({ at: value });
  }

  function spoken(value) {
    const there = data.lines.filter((line) => line.values[at] !== null && shown(line));
    const least = there.toSorted((p, q) => toNumber(p.values[at]) - toNumber(q.values[at]))[0];
    return `${plotted.x} = ${thousands(value)}${least ? `; least ${data.y}: ${least.label}, ${exactly(least.values[at])}` : ""}`;
  }

  function fill() {
    const lines = data.lines;
    behind.lastChild.replaceChildren(html("table", { class: "lab-table" },
      html("caption", {}, `${data.y} against ${plotted.x}`),
      html("thead", {}, html("tr", {}, [plotted.x, ...lines.map(({ label }) => label)].map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, data.xs.map((x, n) => html("tr", {}, html("th", { scope: "row" }, thousands(x)),
        lines.map(({ values }) => html("td", {}, exactly(values[n]))))))));
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    const wanted = drawn.x.invert(((event.clientX - box.left) / box.width) * canvas.viewBox.baseVal.width);
    const index = data.xs.reduce((best, x, n) => (Math.abs(Number(x) - wanted) < Math.abs(Number(data.xs[best]) - wanted) ? n : best), 0);
    if (index === at) return;
    cursor.value = index;
    read(index, event.type === "pointerdown");
  }
  canvas.addEventListener("pointermove", (event) => data && point(event));
  canvas.addEventListener("pointerdown", (event) => data && point(event));
  new ResizeObserver(([{ contentRect }]) => {
    if (Math.round(contentRect.width) === Math.round(wide)) return;
    wide = contentRect.width;
    if (data) draw();
  }).observe(canvas.parentNode);
  return { node, show };
}

/** Whether gaps between points are regular, as for families that need an odd kernel: then lines run across. */
const sparse = (points) => points.filter(Boolean).length > 1;

const nearest = (xs, wanted) =>
  xs.reduce((best, x, n) => (far(x, wanted) < far(xs[best], wanted) ? n : best), 0);
const far = (a, b) => (a > b ? a - b : b - a);

function scaleX(xs, width) {
  const [first, last] = [Number(xs[0]), Number(xs.at(-1))];
  const room = width - SIDE.left - SIDE.right;
  const scale = (x) => SIDE.left + ((x - first) / (last - first || 1)) * room;
  scale.invert = (place) => first + ((place - SIDE.left) / room) * (last - first);
  scale.ticks = ticks(first, last, Math.max(3, Math.floor(room / 80))).filter(Number.isInteger);
  return scale;
}

function scaleY(values, log, cap = Infinity) {
  const room = HEIGHT - SIDE.top - SIDE.bottom;
  const positive = values.filter((value) => value > 0);
  const most = Math.max(...positive, 1e-9), least = Math.min(...positive, most);
  if (log) {
    const [low, high] = [Math.log10(least) - 0.05, Math.log10(most) + 0.08];
    const scale = (value) => SIDE.top + (1 - (Math.log10(Math.max(value, least / 2)) - low) / (high - low || 1)) * room;
    scale.ticks = decades(least, most);
    return scale;
  }
  const top = Math.min(most, cap) * 1.06;
  const scale = (value) => SIDE.top + (1 - value / top) * room;
  scale.ticks = ticks(0, top, 6);
  return scale;
}

function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough);
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) found.push(Number((n * step).toPrecision(12)));
  return found;
}

function decades(least, most) {
  const span = Math.log10(most / least), digits = span > 3.2 ? [1] : span > 1.8 ? [1, 3] : span > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const found = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most) + 1; power += 1) {
    for (const digit of digits) {
      const value = digit * 10 ** power;
      if (value >= least * 0.9 && value <= most * 1.2) found.push(value);
    }
  }
  const skip = Math.ceil(found.length / 9);
  return found.filter((_, n) => n % skip === 0);
}

function frame(x, y, width) {
  const bottom = HEIGHT - SIDE.bottom;
  return svg("g", { class: "frame" },
    y.ticks.map((value) => [
      svg("path", { class: "grid", d: `M${SIDE.left},${y(value).toFixed(1)}H${width - SIDE.right}` }),
      svg("text", { x: SIDE.left - 6, y: y(value) + 4, "text-anchor": "end" }, compact(value)),
    ]),
    svg("path", { class: "base", d: `M${SIDE.left},${bottom}H${width - SIDE.right}` }),
    x.ticks.map((value) => [
      svg("path", { class: "tick", d: `M${x(value).toFixed(1)},${bottom}v4` }),
      svg("text", { x: x(value), y: bottom + 17, "text-anchor": "middle" }, compact(value)),
    ]));
}
