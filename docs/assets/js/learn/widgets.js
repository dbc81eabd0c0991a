/**
 * The widgets of the course's figures: elements, controls, grids of numbers and the facts that Python wrote.
 *
 * A figure NAME is
 *
 *   the page      <div class="learn-figure" style="--tall: 24rem; --tall-phone: 34rem">
 *                 <learn-NAME data-figure="NAME">a still picture or table that makes the point already
 *                 <template class="facts" data-search-exclude>{"json": "from Python"}</template></learn-NAME>
 *                 </div>
 *                 (--tall reserves its height, so that nothing below moves when the module arrives; raw HTML stays
 *                 on consecutive lines, without blank ones)
 *   its module    docs/assets/js/learn/NAME.js, loaded by main.js:
 *
 *                 import { define, html, slider } from "./widgets.js";
 *                 define("learn-NAME", (facts, figure) => html("div", {}, ...));   // replaces the still picture
 *                 (last in the file: the element is drawn at once, so classes must be there already)
 *   its numbers   derive/site/pages/learn/NAME.py, context() -> {"facts": facts_html({...}), ...}
 *                 (facts_html is in derive/site/pages/learn/course.py)
 *   its words     derive/site/templates/learn/NAME.md.j2, which begins and ends with the macros of
 *                 derive/site/templates/learn/course.j2
 *
 * Facts are in a <template> and not in a <script type="application/json">: Material's instant navigation runs every
 * script of a new page as JavaScript, whatever its type, and JSON is a syntax error there.
 *
 * Counts and ranks come with the facts; a figure looks them up. It may add and multiply the numbers that it shows.
 */

import { factsOf, html, svg, unique } from "../dom.js";

export { factsOf, html, svg, unique };

const LETTER = /(?<![A-Za-z₀-₉])[iouvtjlqrpg](?![A-Za-z])/g; // an index letter that is not part of a word

/** Define the element once; draw(facts, figure) returns the node that replaces the still picture. */
export function define(tag, draw) {
  if (customElements.get(tag)) return;
  customElements.define(
    tag,
    class extends HTMLElement {
      connectedCallback() {
        if (this.dataset.ready) return; // moved, not new
        this.dataset.ready = "yes";
        this.replaceChildren(draw(factsOf(this), this));
      }
    },
  );
}

/** An index letter in its colour: letter("u"), or letter("u", "u = 2"). In SVG text use lettered(text, true). */
export function letter(name, text = name) {
  return html("span", { class: `letter letter-${name}`, "data-letter": name }, text);
}

/** Text as nodes, every index letter that stands alone in its colour: lettered("Σ over u of K[o,i,u,v]"). */
export function lettered(text, drawn = false) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LETTER)) {
    const name = found[0];
    parts.push(
      text.slice(from, found.index),
      drawn ? svg("tspan", { class: `letter letter-${name}` }, name) : letter(name),
    );
    from = found.index + name.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/** Light the given letters inside a node and no others. */
export function light(node, names) {
  for (const one of node.querySelectorAll(".letter[data-letter]")) {
    one.classList.toggle("lit", names.includes(one.dataset.letter));
  }
}

/** A number with a true minus sign and thousands separated. */
export function number(value) {
  return String(value)
    .replace("-", "−")
    .replace(/^(−?)(\d{4,})$/, (_, sign, digits) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));
}

/**
 * A labelled slider with its value next to it. The label may be text or nodes (pass `name`, plain text, with nodes).
 * say(value) is the text of the value. Returns {element, value, set(value), limit(max)}; set() does not call onInput.
 */
export function slider({ label, name, min, max, value, step = 1, say = number, onInput }) {
  const output = html("output", { "aria-hidden": "true" });
  const input = html("input", { type: "range", min, max, step, value, "aria-label": name ?? label });
  const show = () => {
    output.textContent = say(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    show();
    onInput(Number(input.value));
  });
  show();
  return {
    element: html("label", { class: "control slider" }, html("span", { class: "name" }, label), input, output),
    input,
    get value() {
      return Number(input.value);
    },
    set(next) {
      input.value = next;
      show();
    },
    limit(most) {
      input.max = most;
      show();
    },
  };
}

/**
 * A row of which one is chosen, as radio buttons: options are [value, label] pairs (labels text or nodes).
 * Returns {element, value, set(value)}.
 */
export function choice({ label, options, value, onChange }) {
  const group = unique("choice");
  const inputs = options.map(([key]) => html("input", { type: "radio", name: group, value: key, checked: key === value }));
  inputs.forEach((input, at) => input.addEventListener("change", () => onChange(options[at][0])));
  return {
    element: html(
      "fieldset",
      { class: "control choice" },
      html("legend", { class: "name" }, label),
      options.map(([, words], at) => html("label", {}, inputs[at], html("span", {}, words))),
    ),
    get value() {
      return options[inputs.findIndex((input) => input.checked)]?.[0];
    },
    set(next) {
      inputs.forEach((input, at) => (input.checked = options[at][0] === next));
    },
  };
}

/** A button. */
export function button(label, onClick, attributes = {}) {
  return html("button", { type: "button", class: "control press", onclick: onClick, ...attributes }, label);
}

/** Whether the reader asked for less motion. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Back, play or pause, and forward over `count` steps: onStep(step). Nothing plays by itself; with reduced motion
 * there is no play button, steps are the reader's. Returns {element, step, go(step), resize(count)}.
 */
export function player({ label, count, step = 0, delay = 700, say, onStep }) {
  let timer = null;
  const bar = slider({
    label,
    min: 0,
    max: count - 1,
    value: step,
    say,
    onInput: (next) => {
      pause();
      onStep(next);
    },
  });
  const move = (by) => {
    const total = Number(bar.input.max) + 1;
    bar.set((bar.value + by + total) % total);
    onStep(bar.value);
  };
  const pause = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const play = button("Play", () => {
    if (timer) return pause();
    play.textContent = "Pause";
    timer = setInterval(() => (play.isConnected ? move(1) : pause()), delay);
    return undefined;
  });
  const by = (words, shift, name) => button(words, () => (pause(), move(shift)), { "aria-label": name });
  play.hidden = still();
  return {
    element: html("div", { class: "player" }, by("‹", -1, "Step back"), play, by("›", 1, "Step forward"), bar.element),
    get step() {
      return bar.value;
    },
    go(next) {
      pause();
      bar.set(next);
      onStep(next);
    },
    resize(total) {
      bar.limit(total - 1);
    },
  };
}

/**
 * A small grid of numbers, tinted by sign and size like table.heat: heat({name, rows, edges: {column, row}, largest}).
 * With press(y, x), cells are buttons. Returns {element, cell(y, x), fill(rows), mark(class, where)}; where is a list of
 * [y, x]. Entries may be null (an empty cell).
 */
export function heat({ name, rows, edges, largest, press, kind = "" }) {
  const cells = rows.map((row, y) =>
    row.map((_, x) =>
      press
        ? html("td", {}, html("button", { type: "button", onclick: () => press(y, x) }))
        : html("td"),
    ),
  );
  const head =
    edges &&
    html("thead", {}, html("tr", {}, html("td", { class: "corner" }, "·"), edges.row.map((x) => html("th", { scope: "col" }, number(x)))));
  const lines = cells.map((line, y) =>
    html("tr", {}, edges && html("th", { scope: "row" }, number(edges.column[y])), line),
  );
  const grid = {
    element: html("table", { class: `heat ${kind}` }, html("caption", {}, name), head, html("tbody", {}, lines)),
    cell: (y, x) => cells[y]?.[x],
    fill(next) {
      const most = largest ?? Math.max(1, ...next.flat().map((entry) => Math.abs(Number(entry))));
      next.forEach((row, y) => row.forEach((entry, x) => tint(cells[y][x], entry, most)));
    },
    mark(mark, where) {
      for (const cell of cells.flat()) cell.classList.remove(mark);
      for (const [y, x] of where) cells[y]?.[x]?.classList.add(mark);
    },
  };
  grid.fill(rows);
  return grid;
}

function tint(cell, entry, most) {
  const sign = entry === null ? "none" : entry > 0 ? "plus" : entry < 0 ? "minus" : "zero";
  cell.classList.remove("none", "plus", "minus", "zero");
  cell.classList.add(sign);
  cell.style.setProperty("--size", `${Math.min(100, Math.round((100 * Math.abs(Number(entry))) / most))}%`);
  (cell.firstElementChild ?? cell).textContent = entry === null ? "" : number(entry);
}

/** A line that screen readers hear when it changes: returns {element, say(...nodes)}; calls in quick succession are one. */
export function live(attributes = {}) {
  const shown = html("p", { class: "said", ...attributes });
  const heard = html("p", { class: "heard", "aria-live": "polite" });
  let waiting = null;
  return {
    element: html("div", {}, shown, heard),
    say(...nodes) {
      shown.replaceChildren(...nodes.flat(Infinity));
      clearTimeout(waiting);
      waiting = setTimeout(() => (heard.textContent = shown.textContent), 600);
    },
  };
}

/** Controls in a row that wraps: nodes, or what slider(), choice() ... return. */
export function controls(...elements) {
  return html("div", { class: "controls" }, elements.flat().map((one) => one.element ?? one));
}

/** Bars with their lengths said in words: bars([{name, value, words, kind}], largest). */
export function bars(rows, largest = Math.max(...rows.map((row) => row.value))) {
  return html(
    "dl",
    { class: "bars" },
    rows.map(({ name, value, words = number(value), kind = "" }) =>
      html(
        "div",
        { class: kind },
        html("dt", {}, name),
        html("dd", {}, html("span", { class: "bar", "--share": `${(100 * value) / largest}%` }), html("span", { class: "words" }, words)),
      ),
    ),
  );
}
