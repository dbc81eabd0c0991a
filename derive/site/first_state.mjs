// Prints the first states of calculators and figures as HTML. Input: what it needs from Python, as JSON. Argument: the
// folder of the scripts. As much of a document as their views use is here.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const VOID = new Set(["input", "br", "rect", "path"]);
const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

class Element {
  constructor(tag) {
    this.tag = tag;
    this.attributes = new Map();
    this.children = [];
    this.style = { setProperty: (name, value) => this.setAttribute("style", `${name}: ${value};`) };
  }

  append(...nodes) {
    this.children.push(...nodes);
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  addEventListener() {}

  set value(text) {
    this.setAttribute("value", text);
  }

  set checked(yes) {
    if (yes) this.setAttribute("checked", "");
  }

  get html() {
    const attributes = [...this.attributes].map(([name, value]) => (value === "" && name !== "value" ? ` ${name}` : ` ${name}="${escaped(value)}"`));
    const inside = this.children.map((child) => (child instanceof Element ? child.html : escaped(child)));
    return `<${this.tag}${attributes.join("")}>${VOID.has(this.tag) && !inside.length ? closed(this.tag) : `${inside.join("")}</${this.tag}>`}`;
  }
}

const closed = (tag) => (["input", "br"].includes(tag) ? "" : `</${tag}>`);

globalThis.document = { createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag) };

function heading(id, words) {
  const made = new Element("h2");
  made.setAttribute("id", id);
  made.append(words);
  return made;
}

const script = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`));
const { atWork, opening } = await script("at-work-view");
const { calculator, OPENING } = await script("calculator-view");
const { compare } = await script("engine");
const { counts, section } = await script("lab/counts");
const { html: element } = await script("dom");
const { curve } = await script("kernel/curve");
const { layerForm } = await script("layer-form");
const { order } = await script("order");
const { budget, budgetForm, FIELDS, orderTable, USUAL: ASKED, withinBudget } = await script("order-view");
const { understood, USUAL } = await script("read-layer");

const { layer, choices } = understood(USUAL), result = compare(layer, choices);
const { known, curves, figures } = JSON.parse(readFileSync(0, "utf-8"));
const found = order(result), up = (path) => `../${path}`;
const states = {
  calculator: calculator({ words: USUAL, good: USUAL, errors: {}, result, choices, measure: OPENING, known }),
  lab: [
    layerForm({ fields: USUAL, good: () => {} }).element,
    section("counts", "Every count", counts(result, { sort: "", open: [] }, () => {})),
  ],
  order: [
    layerForm({ names: FIELDS, fields: USUAL, good: () => {} }).element,
    orderTable(result, found, up),
    heading("budget", "Within a budget"),
    budgetForm(result, ASKED, found, () => {}),
    ...withinBudget(result, found, { ...ASKED, most: budget(result, ASKED) }, up),
  ],
  ...Object.fromEntries(Object.entries(figures).map(([name, facts]) => [name, atWork(facts, opening(facts))])),
  curves: curves.map(({ name, title, said, ...drawn }) => element("figure", { class: "kl-plot", "data-curve": name, "data-picture": name },
    curve({ ...drawn, name: title, wide: 320 }),
    element("save-picture"),
    element("figcaption", {}, element("a", { href: `#${name}` }, title), `. ${said}`))),
};
const html = Object.entries(states).map(([name, elements]) => [name, elements.map((element) => element.html).join("")]);
process.stdout.write(JSON.stringify(Object.fromEntries(html)));
