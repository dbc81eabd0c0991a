// <your-layer>: on pages of families and lessons, the layer that the reader entered before, what the page's family costs
// on it, and the same as a command line and as Python. Without one it is the opening layer.

import { quoted } from "./calculator-view.js";
import { html } from "./dom.js";
import { coming, compare } from "./engine.js";
import { meant } from "./layer-form.js";
import { ENTERED, forget, pairsOf, python, pythonChoices, queryOf, recalled, remember } from "./my-layer.js";
import { thousands } from "./numbers.js";
import { command, understood, USUAL } from "./read-layer.js";
import { comparison, layerWords } from "./text.js";

class YourLayer extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    addEventListener(ENTERED, () => this.open(), { signal: this.listening.signal });
    this.open();
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  open() {
    const words = meant(recalled(location.search) ?? {}), read = understood(words);
    const [good, known] = read.errors ? [USUAL, understood(USUAL)] : [words, read];
    const own = pairsOf(good).length > 0;
    if (own) remember(good);
    Promise.resolve(coming(known.layer)).then(() => this.isConnected && this.show(good, known, own));
  }

  show(words, { layer, choices }, own) {
    const query = queryOf(pairsOf(words)), { family } = this.dataset;
    const result = family && compare(layer, choices, family);
    const line = (name, text) => html("p", { class: "as-code" }, `${name}: `, html("code", {}, text));
    this.replaceChildren(
      html("p", {}, html("b", {}, own ? "Your layer" : "The opening layer"), `: ${layerWords(layer)}; output ${layer.output.join(" × ")}. `,
        html("a", { href: this.link(`lab/layer/${query}`) }, own ? "Change it" : "Enter yours"),
        own && [" · ", html("button", { type: "button", class: "plain", onclick: () => this.forget() }, "Forget it")]),
      ...(result ? this.costs(result) : []).map((node) => html("p", {}, node)),
      line("Command line", ["derive", "compare", ...command(words).map(quoted)].join(" ")),
      line("Python", this.python(family, layer, choices, result)),
    );
  }

  /** What the family costs at every setting, or why it is left out. */
  costs({ families, omitted: [left] }) {
    const words = (row) => [html("b", {}, row.label), `: ${thousands(row.parameters)} weights, ${thousands(row.macs)} MACs, `
      + `${row.name === "standard" ? "what the others are compared with" : comparison(row.ratio.macs)}.`];
    return [...families.map(words), ...(left ? [`This family is left out on it: ${left.reason}.`] : [])];
  }

  python(family, layer, choices, result) {
    return family ? `derive.families["${family}"].on(${python(layer)}${this.sizes(result)})`
      : `derive.compare(${python(layer)}${pythonChoices(choices)})`;
  }

  /** The sizes of the first row of the family, as keywords. */
  sizes({ families: [row] }) {
    return Object.entries(row?.setting ?? {}).map(([size, number]) => `, ${size}=${number}`).join("");
  }

  forget() {
    forget();
    history.replaceState(history.state, "", `${location.pathname}${location.hash}`);
    this.open();
  }

  /** A page of the site, from wherever the site lies. */
  link(path) {
    return new URL(`../../${path}`, import.meta.url).href;
  }
}

if (!customElements.get("your-layer")) customElements.define("your-layer", YourLayer);
