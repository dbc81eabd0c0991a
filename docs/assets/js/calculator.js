// <layer-calculator>: the answer on the reader's own layer. The page comes complete for the preset;
// this changes it in place as one types and keeps the setting in the address.

import { watchAnswers } from "./answers.js";
import { compare, figures, Fraction, PRESET, readChoices, readLayer, usual } from "./engine.js";
import { memory, thousands } from "./numbers.js";
import { line, make, steps } from "./pipeline.js";

const FIELDS = ["image", "in", "out", "kernel", "middle", "multiplier", "stride", "padding", "dilation", "groups"];
const LONGEST = 13; // characters of a fraction that a table has room for
const OPENING = "macs";
const PAUSE = 200; // milliseconds without a key before the address follows: browsers limit how often
const ONE = new Fraction(1n);

class LayerCalculator extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.home = location.pathname; // where the families' pages are reached from
    watchAnswers(this);
    this.restore();
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.addEventListener("input", () => this.update(), { signal });
    this.addEventListener("focusout", () => this.keep(), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", (event) => this.follow(event), { signal });
    window.addEventListener("popstate", () => this.return(), { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
    this.listeners?.abort();
  }

  /** The setting in the address, or that of the preset, into the form. */
  restore() {
    const asked = new URLSearchParams(location.search);
    for (const field of FIELDS) this.input(field).value = asked.get(field) ?? PRESET[field];
    this.form.elements.bias.checked = asked.has("bias") && asked.get("bias") !== "0";
    const measure = asked.get("measure") ?? OPENING;
    for (const radio of this.querySelectorAll("[name=measure]")) radio.checked = radio.value === measure;
    if (!this.measure) this.querySelector(`[name=measure][value=${OPENING}]`).checked = true;
    if ([...asked.keys()].some((name) => FIELDS.includes(name) || name === "bias" || name === "measure")) {
      this.update();
    }
  }

  /** Back or forward to another setting of this page. */
  return() {
    if (!this.isConnected || location.pathname !== this.home) return;
    this.restore();
    this.update();
  }

  input(field) {
    return this.form.elements[field];
  }

  get measure() {
    return this.querySelector("[name=measure]:checked")?.value;
  }

  get fields() {
    const words = Object.fromEntries(FIELDS.map((field) => [field, this.input(field).value]));
    return { ...words, bias: this.form.elements.bias.checked, measure: this.measure };
  }

  /** Read the form; draw it, or say what is wrong and leave the last good state. */
  update() {
    const fields = this.fields, read = readLayer(fields), chosen = readChoices(fields);
    const errors = { ...read.errors, ...chosen.errors };
    if (read.layer?.image.length > 2) {
      errors.image = "image has 3 sides: this page draws height x width, the layer lab takes more";
    }
    this.tell(errors);
    if (Object.keys(errors).length) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.keep(), PAUSE);
    this.fit = fields;
    this.draw(compare(read.layer, chosen.choices));
  }

  tell(errors) {
    for (const field of FIELDS) {
      const message = this.querySelector(`#calculator-${field}-error`), wrong = field in errors;
      message.hidden = !wrong;
      if (message.textContent !== (errors[field] ?? "")) message.textContent = errors[field] ?? "";
      if (wrong) this.input(field).setAttribute("aria-invalid", "true");
      else this.input(field).removeAttribute("aria-invalid");
    }
    this.querySelector(".told .layer").hidden = Object.keys(errors).length > 0;
  }

  /** The last good setting into the address: only what differs from the preset. */
  keep() {
    clearTimeout(this.pause);
    const fields = this.fit;
    if (!fields || !this.isConnected || location.pathname !== this.home) return;
    const asked = new URLSearchParams();
    for (const field of FIELDS) {
      const word = fields[field].trim();
      if (word !== PRESET[field]) asked.set(field, word);
    }
    if (fields.bias) asked.set("bias", "1");
    if (fields.measure !== OPENING) asked.set("measure", fields.measure);
    const query = asked.size ? `?${asked}` : "";
    if (query === location.search) return;
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  /** A layer to try: into the form, without leaving the page. */
  follow(event) {
    const link = event.target.closest?.(".known a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    event.stopPropagation(); // from Material's instant navigation
    const asked = new URLSearchParams(new URL(link.href).search);
    for (const field of FIELDS) this.input(field).value = asked.get(field) ?? PRESET[field];
    this.form.elements.bias.checked = asked.has("bias");
    this.update();
  }

  draw({ layer, families, omitted }) {
    this.input("middle").placeholder = usual(layer, "asymmetric").m;
    this.querySelector(".told .layer").textContent = `${words(layer)}; output ${layer.output.join(" × ")}.`;
    for (const side of this.querySelectorAll(".side")) {
      drawSide(side, families.find((row) => row.name === side.dataset.family));
    }
    this.querySelector("th.measure").textContent =
      this.querySelector("[name=measure]:checked").nextElementSibling.textContent;
    replace(this.querySelector(".calc-bars tbody"), bars(families, this.measure));
    replace(this.querySelector(".calc-counts tbody"), families.map(counts));
    const left = this.querySelector(".omitted");
    left.textContent = `Left out: ${omitted.map((one) => `${one.name} (${one.reason})`).join("; ")}.`;
  }
}

function drawSide(side, row) {
  const share = row.ratio.macs, saves = saving(row.break_even);
  replace(side.querySelector(".line code"), line(row));
  replace(side.querySelector(".calc-flow"), steps(row));
  replace(side.querySelector(".sum"), [
    make("b", {}, `${thousands(row.parameters)} weights, ${thousands(row.macs)} MACs`),
    `: ${comparison(share)}.`,
  ]);
  const while_ = saves ? ` Fewer MACs than standard while ${saves}.` : "";
  const exact = `Exact ${row.exact_when === "every kernel" ? "for" : "when"} ${row.exact_when}.`;
  side.querySelector(".exact").textContent = exact + while_;
}

/** Bring the children of an element to those wanted; what can stay stays, focus included. */
function replace(element, wanted) {
  while (element.childNodes.length > wanted.length) element.lastChild.remove();
  wanted.forEach((node, n) => {
    const old = element.childNodes[n];
    if (!old) element.append(node);
    else if (!settled(old, node)) old.replaceWith(node);
  });
}

/** Whether a node could be made like another. */
function settled(old, wanted) {
  if (typeof wanted === "string" || old.nodeName !== wanted.nodeName) {
    const same = old.nodeType === Node.TEXT_NODE && typeof wanted === "string";
    if (same && old.data !== wanted) old.data = wanted;
    return same;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== wanted.data) old.data = wanted.data;
    return true;
  }
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  replace(old, [...wanted.childNodes]);
  return true;
}

/** A row of the chart per family: how long in percent of the longest, against standard. */
function bars(families, measure) {
  const amounts = families.map((row) => asFraction(row[measure]));
  const longest = amounts.reduce((a, b) => (b.compare(a) > 0 ? b : a));
  const standard = amounts[families.findIndex((row) => row.name === "standard")];
  const mark = figures(percent(over(standard, longest)));
  return families.map((row, n) => {
    const share = over(amounts[n], standard);
    const exact = String(share).length <= LONGEST ? String(share) : `≈ ${figures(share.toNumber())}`;
    return make("tr", { class: kind(share, measure) },
      family(row),
      make("td", { class: "track", style: `--mark: ${mark}%` },
        make("i", { style: `width: ${figures(percent(over(amounts[n], longest)))}%` })),
      make("td", { class: "amount" }, shown(amounts[n], measure)),
      make("td", { class: "share" }, exact),
      make("td", { class: "difference" }, row.name === "standard" ? "" : difference(share)),
      make("td", { class: "saves" }, saving(row.break_even)),
      make("td", { class: "exact" }, row.exact_when_brief));
  });
}

/** Cheaper, dearer or neither; FLOPs per byte are no cost. */
function kind(share, measure) {
  return measure === "intensity" ? "same" : ["less", "same", "more"][share.compare(ONE) + 1];
}

function counts(row) {
  const numbers = [row.parameters, row.macs, row.macs_in_bounds, row.flops, row.with_bias.flops].map(thousands);
  const ratios = [row.intensity, row.ratio.macs].map((ratio) => figures(ratio.toNumber()));
  const cells = [...numbers, memory(row.bytes), ...ratios];
  return make("tr", {}, family(row), ...cells.map((cell) => make("td", {}, cell)));
}

const family = (row) =>
  make("th", { scope: "row" }, make("a", { href: `families/${row.name}/` }, row.label));

const asFraction = (amount) => (typeof amount === "bigint" ? new Fraction(amount) : amount);

const over = (a, b) => new Fraction(a.numerator * b.denominator, a.denominator * b.numerator);

const percent = (share) => new Fraction(100n * share.numerator, share.denominator).toNumber();

function shown(amount, measure) {
  if (measure === "bytes") return memory(amount.numerator);
  return measure === "intensity" ? figures(amount.toNumber()) : thousands(amount.numerator);
}

/** The MACs of a layer set against those of the standard one. */
function comparison(share) {
  const { numerator, denominator } = share;
  if (numerator === denominator) return "as many MACs as the standard layer";
  if (numerator >= 2n * denominator) return `${figures(share.toNumber())} times the MACs of the standard layer`;
  return `${share} of the MACs of the standard layer, ${difference(share)}`;
}

/** How a share of the standard convolution reads. */
function difference(share) {
  const { numerator, denominator } = share;
  if (numerator === denominator) return "the same";
  if (numerator >= 2n * denominator) return `${figures(share.toNumber())} times as much`;
  const gap = numerator < denominator ? denominator - numerator : numerator - denominator;
  return `${figures(percent(new Fraction(gap, denominator)))} % ${numerator < denominator ? "less" : "more"}`;
}

/** While which width a family has fewer MACs than standard. */
function saving(edge) {
  if (!edge) return "";
  return edge.at_most ? `${edge.size} ≤ ${thousands(edge.at_most)}` : `no ${edge.size}`;
}

/** A layer in one line, as the command line words it. */
function words(layer) {
  const sides = (values) => (new Set(values.map(String)).size === 1 ? `${values[0]}` : values.join("×"));
  const unusual = (name, values) => (values.some((value) => value !== 1n) ? [`${name} ${sides(values)}`] : []);
  const margins = layer.padding.map(([before, after]) => (before === after ? `${before}` : `${before}:${after}`));
  return [
    `${layer.image.join("×")} image, ${layer.in} → ${layer.out} channels`,
    `kernel ${layer.kernel.join("×")}`,
    ...unusual("stride", layer.stride),
    ...unusual("dilation", layer.dilation),
    `padding ${sides(margins)}`,
    ...unusual("groups", [layer.groups]),
    layer.bias ? "with bias" : "no bias",
  ].join(", ");
}

if (!customElements.get("layer-calculator")) customElements.define("layer-calculator", LayerCalculator);
