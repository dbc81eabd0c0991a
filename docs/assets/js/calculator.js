// <layer-calculator>: the answer on the reader's own layer. The page comes with the opening one, drawn by the same
// script; this changes it in place as one types and keeps the setting in the address.

import { watchAnswers } from "./answers.js";
import { calculator, FIELDS, MEASURES, OPENING } from "./calculator-view.js";
import { factsOf, replace } from "./dom.js";
import { addressed, embedded } from "./embed.js";
import { coming, compare } from "./engine.js";
import { meant } from "./layer-form.js";
import { pairsOf, queryOf, remember, wordsOf } from "./my-layer.js";
import { isYes, normal, understood, USUAL } from "./read-layer.js";

const PAUSE = 200; // milliseconds without a key before the address follows: browsers limit how often

class LayerCalculator extends HTMLElement {
  connectedCallback() {
    this.home = location.pathname; // where the families' pages are reached from
    this.known = factsOf(this.parentElement).known;
    for (const blank of [...this.childNodes].filter(({ nodeType }) => nodeType !== Node.ELEMENT_NODE)) blank.remove();
    if (!this.querySelector("form")) replace(this, this.drawn({ words: USUAL, errors: {} }));
    watchAnswers(this);
    this.restore({ ...wordsOf(location.search), ...this.typed() });
    this.lead();
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.addEventListener("input", () => this.update(), { signal });
    this.addEventListener("focusout", () => this.keep(), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", (event) => this.follow(event), { signal });
    window.addEventListener("popstate", () => this.return(), { signal });
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
    this.listeners?.abort();
  }

  /** What was typed before this script came. */
  typed() {
    const fields = FIELDS.map((name) => this.form.elements[name]).filter((field) => field.defaultValue !== undefined && field.type !== "checkbox");
    return Object.fromEntries(fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.name, field.value]));
  }

  /** A setting, that in the address or the opening one, into the form. */
  restore(words = wordsOf(location.search)) {
    const asked = new URLSearchParams(location.search);
    this.others = Object.fromEntries(Object.entries(words).filter(([name]) => !FIELDS.includes(name)));
    this.fill(words);
    const measure = Object.hasOwn(MEASURES, asked.get("measure")) ? asked.get("measure") : OPENING;
    for (const radio of this.querySelectorAll("[name=measure]")) radio.checked = radio.value === measure;
    if (Object.keys(words).length || measure !== OPENING) this.update();
  }

  /** An address with a layer and no section opens where the layer is. */
  lead() {
    const asked = [...FIELDS, "measure"].some((name) => new URLSearchParams(location.search).has(name));
    if (asked && !location.hash && !scrollY && !embedded()) document.getElementById("calculator")?.scrollIntoView();
  }

  fill(words) {
    for (const name of FIELDS) {
      const input = this.form.elements[name], text = words[name] ?? USUAL[name];
      if (input.type === "checkbox") input.checked = isYes(text);
      else input.value = input.tagName === "SELECT" ? normal(name, text) : text;
    }
  }

  /** Back or forward to another setting of this page. */
  return() {
    if (!this.isConnected || location.pathname !== this.home) return;
    this.restore();
    this.update();
  }

  get form() {
    return this.querySelector("form");
  }

  get measure() {
    return this.querySelector("[name=measure]:checked")?.value ?? OPENING;
  }

  get words() {
    const { elements } = this.form;
    const own = FIELDS.map((name) => [name, elements[name].type === "checkbox" ? (elements[name].checked ? "yes" : "") : elements[name].value]);
    const words = { ...this.others, ...Object.fromEntries(own) };
    return isYes(words.transposed) ? words : { ...words, output_padding: USUAL.output_padding };
  }

  compared({ layer, choices }) {
    return { result: compare(layer, choices), choices };
  }

  drawn({ words, errors }) {
    this.good ??= { words: { ...USUAL }, ...this.compared(understood(USUAL)) };
    const { words: good, ...rest } = this.good;
    return calculator({ ...rest, words, errors, good, measure: this.measure, known: this.known });
  }

  /** Read the form; draw it, or say what is wrong and leave the last good state. */
  update() {
    const words = this.words, read = understood(meant(words));
    const errors = { ...read.errors };
    if (read.layer && read.layer.image.length !== 2) {
      errors.image = `image has ${read.layer.image.length} sides: this page draws height x width, the layer lab takes more`;
    }
    const right = Object.keys(errors).length === 0;
    const waiting = right && coming(read.layer);
    if (waiting) {
      waiting.then(() => this.isConnected && this.update());
      return;
    }
    if (right) this.good = { words: meant(words), ...this.compared(read) };
    replace(this, this.drawn({ words, errors }));
    if (!right) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.keep(), PAUSE);
    this.fit = { words: this.good.words, measure: this.measure };
  }

  /** The last good setting into the address: only what is not as usual. */
  keep() {
    clearTimeout(this.pause);
    if (!this.fit || !this.isConnected || location.pathname !== this.home) return;
    remember(this.fit.words);
    const measure = this.fit.measure === OPENING ? [] : [["measure", this.fit.measure]];
    const query = addressed(queryOf([...pairsOf(this.fit.words), ...measure]));
    if (query === location.search) return;
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  /** A layer to try: into the form, without leaving the page. */
  follow(event) {
    const link = event.target.closest?.(".known a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    event.stopPropagation(); // from Material's instant navigation
    this.others = {};
    this.fill(wordsOf(new URL(link.href).search));
    this.update();
  }
}

if (!customElements.get("layer-calculator")) customElements.define("layer-calculator", LayerCalculator);
