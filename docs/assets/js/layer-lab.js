// The layer lab: the calculator in full, with its table, plots, conventions and exports. The address holds its state.

import { watchAnswers } from "./answers.js";
import { quoted } from "./calculator-view.js";
import { addressed } from "./embed.js";
import { coming, compare } from "./engine.js";
import { counts, section } from "./lab/counts.js";
import { againstKernel, againstWidth, MEASURES } from "./lab/curves.js";
import { conventionTable } from "./lab/conventions.js";
import { toCsv, toJson, toLatex, toMarkdown } from "./lab/exports.js";
import { plot } from "./lab/plot.js";
import { COLUMNS } from "./lab/table.js";
import { layerForm } from "./layer-form.js";
import { CodePanel } from "./line/code.js";
import { carried, copied } from "./line/take.js";
import { choice, factsOf, html, unique } from "./learn/widgets.js";
import { pairsOf, python, pythonChoices, queryOf, recalled, remember } from "./my-layer.js";
import { command, understood, USUAL as LAYER } from "./read-layer.js";
import { layerWords } from "./text.js";

const SCALES = { linear: "linear", log: "logarithmic" };
const FORMATS = {
  csv: { title: "CSV", type: "text/csv", name: "layer.csv", text: ({ result }) => toCsv(result) },
  json: { title: "JSON", type: "application/json", name: "layer.json", text: ({ result, facts }) => toJson(result, facts.shape) },
  latex: { title: "LaTeX", type: "application/x-tex", name: "layer.tex", text: ({ result }) => toLatex(result, layerWords(result.layer)) },
  markdown: { title: "Markdown", type: "text/markdown", name: "layer.md", text: ({ result }) => toMarkdown(result) },
};
const USUAL = { sort: "", open: [], plot: "macs", scale: "linear", hide: [], row: "standard", format: "csv", code: "pytorch" };
const QUIET = 120; // ms of quiet before plots and previews follow the table

class LayerLab extends HTMLElement {
  connectedCallback() {
    this.home = location.pathname;
    this.listening = new AbortController();
    addEventListener("popstate", () => location.pathname === this.home && this.reread(), { signal: this.listening.signal });
    if (this.facts) return;
    this.facts = factsOf(this);
    this.read(location.search);
    this.build();
  }

  disconnectedCallback() {
    this.listening.abort();
    clearTimeout(this.waiting);
  }

  /** The state that an address holds, whatever nonsense it says. */
  read(search) {
    const given = new URLSearchParams(search);
    const among = (name, allowed) => (allowed.includes(given.get(name)) ? given.get(name) : USUAL[name]);
    const list = (name) => (given.get(name) ?? "").split(";").map((word) => word.trim()).filter(Boolean).slice(0, 99);
    const columns = COLUMNS.flatMap(({ key }) => [key, `-${key}`]);
    this.state = {
      sort: among("sort", columns), open: list("open"), plot: among("plot", Object.keys(MEASURES)),
      scale: among("scale", Object.keys(SCALES)), hide: list("hide"), row: given.get("row") ?? USUAL.row,
      format: among("format", Object.keys(FORMATS)), code: among("code", Object.keys(this.facts.frameworks)),
    };
    this.fields = { ...LAYER, ...recalled(search) };
  }

  build() {
    this.form = layerForm({ fields: this.fields, good: (read) => this.see(read) });
    this.parts = {
      counts: html("div", {}, [...this.querySelectorAll(".lab-scroll, .omitted")]), // the page's own until open()
      conventions: html("div"), heard: html("p", { class: "heard", "aria-live": "polite" }),
      preview: html("pre", { tabindex: "0", role: "region", "aria-label": "Preview" }, html("code")), command: html("code", {}), python: html("code", {}),
      rows: ["lab-row", "lab-code-row"].map((stem) => html("select", { id: unique(stem), onchange: (event) => this.change({ row: event.target.value }) })),
      coded: html("code", {}),
      plot: choice({ label: "cost", options: Object.entries(MEASURES).map(([key, { title }]) => [key, title]), value: this.state.plot, onChange: (key) => this.change({ plot: key }) }),
      scale: choice({ label: "scale", options: Object.entries(SCALES), value: this.state.scale, onChange: (key) => this.change({ scale: key }) }),
      format: choice({ label: "format", options: Object.entries(FORMATS).map(([key, { title }]) => [key, title]), value: this.state.format, onChange: (key) => this.change({ format: key }) }),
    };
    this.code = new CodePanel({
      titles: this.facts.frameworks, framework: this.state.code, asked: () => this.asked(), changed: (code) => this.change({ code }),
    });
    const plots = { families: this.facts.families };
    this.width = plot({ ...plots, id: "width", title: "Cost against the width m, rank or multiplier", x: "width" }, (news) => this.heard(news, "width"));
    this.kernel = plot({ ...plots, id: "kernel", title: "Cost against the size n of an n × n kernel", x: "n" }, (news) => this.heard(news, "kernel"));
    this.places = {};
    const { parts } = this;
    this.replaceChildren(
      this.form.element,
      section("counts", "Every count", parts.counts),
      section("code", "Code that runs",
        html("p", {}, "A whole file for one row of the table: the layers, which of them carries stride, padding and groups, and a check that they do the same as the single convolution. This book’s Python writes it in the page, when you ask for it."),
        html("p", { class: "control" }, html("label", { for: parts.rows[1].id }, "family"), parts.rows[1]),
        this.code.element,
        html("p", {}, "The same on the command line:"),
        html("div", { class: "command" }, html("pre", { tabindex: "0", role: "region", "aria-label": "Command line for the code" }, parts.coded), this.button("Copy", () => this.copy(parts.coded.textContent), "Copy the command for the code"))),
      section("growth", "How the cost grows",
        html("div", { class: "controls" }, parts.plot.element, parts.scale.element), this.width.node, this.kernel.node),
      section("tools", "Which convention is this number?",
        html("p", {}, "Tools that count a network agree on the convolution, not on what to count. Choose a row of the table: this is what each prints for it, and how many times standard that seems to be."),
        html("p", { class: "control" }, html("label", { for: parts.rows[0].id }, "row"), parts.rows[0]),
        parts.conventions,
        html("p", {}, "Measured with the releases named, on convolutions without groups or transposition, where some err. ",
          html("a", { href: this.link("reference/conventions/") }, "What our counts mean"), ".")),
      section("take", "Take it with you",
        html("div", { class: "controls" }, parts.format.element, this.button("Copy", () => this.copy(this.exported())), this.button("Download", () => this.download()),
          this.button("Copy the link", () => this.copy(location.href))),
        parts.preview,
        html("p", {}, "The same on the command line:"),
        html("div", { class: "command" }, html("pre", { tabindex: "0", role: "region", "aria-label": "Command line" }, parts.command), this.button("Copy", () => this.copy(parts.command.textContent), "Copy the command")),
        html("p", {}, "And in Python, after ", html("code", {}, "import derive"), ":"),
        html("div", { class: "command" }, html("pre", { tabindex: "0", role: "region", "aria-label": "Python" }, parts.python), this.button("Copy", () => this.copy(parts.python.textContent), "Copy the Python")),
        parts.heard));
    watchAnswers(this);
    this.waiting = setTimeout(() => this.open()); // in a task of its own: a key that is pressed meanwhile waits for one only
  }

  /** What the page opens with: the layer of the address, or as much of it as makes sense. */
  open() {
    const read = this.form.check();
    if (read.errors) this.see({ ...understood(this.sound(read.errors)), fields: this.sound(read.errors) }, "silently");
  }

  /** An address may name a part that was not there when the page opened. */
  lead() {
    if (this.led) return;
    this.led = true;
    const asked = document.getElementById(location.hash.slice(1));
    if (scrollY || !this.contains(asked)) return;
    asked.scrollIntoView();
    setTimeout(() => asked.scrollIntoView(), QUIET); // what is near it is laid out by then
  }

  /** The fields with those that make no sense as usual. */
  sound(errors) {
    const better = { ...this.fields, ...Object.fromEntries(Object.keys(errors).map((name) => [name, LAYER[name]])) };
    return understood(better).errors ? { ...LAYER } : better;
  }

  reread() {
    this.read(location.search);
    for (const name of ["plot", "scale", "format"]) this.parts[name].set(this.state[name]);
    this.code.set(this.state.code);
    this.form.set(this.fields);
  }

  /** A layer that makes sense: the table at once, the rest when typing pauses. */
  see({ layer, choices, fields }, silently) {
    const waiting = coming(layer);
    this.wanted = fields;
    if (waiting) {
      waiting.then(() => this.wanted === fields && this.see({ layer, choices, fields }, silently));
      return;
    }
    this.fields = fields;
    this.choices = choices;
    this.result = compare(layer, choices);
    clearTimeout(this.waiting);
    const rest = [this.showRow, this.showWidth, this.showKernel, this.showExport];
    if (this.shown) this.showTable();
    else rest.unshift(this.showTable); // when the page opens, a task of its own too
    this.waiting = setTimeout(() => this.showRest(rest), this.shown ? QUIET : 0);
    if (!silently) this.remember();
  }

  change(news, quietly) {
    Object.assign(this.state, news);
    this.remember();
    if (quietly || !this.result) return;
    if ("sort" in news) this.showTable(`[data-sort="${news.sort.replace("-", "") || this.sorted}"]`);
    if ("plot" in news || "scale" in news || "hide" in news) this.showPlots();
    if ("row" in news) this.showRow();
    if ("code" in news) this.showCode();
    if ("format" in news) this.showExport();
    if (news.sort) this.sorted = news.sort.replace("-", "");
  }

  /** What a plot reports: a place that was read, lines switched off or on. */
  heard({ at, hidden }, which) {
    if (at !== undefined) this.places[which] = at;
    if (hidden) {
      const focus = document.activeElement?.dataset?.line;
      this.change({ hide: hidden });
      [...this.querySelectorAll(`[data-plot="${which}"] .lab-legend button`)].find((one) => one.dataset.line === focus)?.focus();
    }
  }

  showTable(focus) {
    const { result, state, parts } = this;
    const place = parts.counts.firstChild?.scrollLeft ?? 0;
    parts.counts.replaceChildren(...counts(result, state, (...news) => this.change(...news)));
    if (place) parts.counts.firstChild.scrollLeft = place;
    if (focus) parts.counts.querySelector(focus)?.focus();
  }

  /** The parts below the table, each in a task of its own: a key that is pressed meanwhile waits for one only. */
  showRest([part, ...others]) {
    part.call(this);
    this.shown = true;
    if (others.length) this.waiting = setTimeout(() => this.showRest(others));
    else this.lead();
  }

  showPlots() {
    this.showWidth();
    this.showKernel();
  }

  showWidth() {
    const { result, state, places } = this;
    this.width.show({ ...againstWidth(result, state.plot), ...this.axis, at: places.width ?? this.choices.widths[0] ?? result.layer.in });
  }

  showKernel() {
    const { result, state, places } = this;
    this.kernel.show({ ...againstKernel(result, state.plot, this.fields), ...this.axis, at: places.kernel ?? result.layer.kernel[0] });
  }

  get axis() {
    return { y: MEASURES[this.state.plot].title, log: this.state.scale === "log", hidden: this.state.hide };
  }

  /** The row that the reader has chosen, or one like it. */
  get row() {
    const { families } = this.result;
    return families.find(({ label }) => label === this.state.row)
      ?? families.find(({ name }) => name === this.state.row.split(" ")[0]) ?? families[0];
  }

  showRow() {
    const { row, parts, result } = this;
    for (const select of parts.rows) {
      select.replaceChildren(...result.families.map(({ label }) => html("option", { value: label, selected: label === row.label }, label)));
    }
    parts.conventions.replaceChildren(conventionTable(result, this.facts.conventions, row));
    this.showCode();
  }

  showCode() {
    const { name, setting } = this.row;
    const { m = "", M = "", ...ranks } = setting;
    const rank = Object.entries(ranks).map((pair) => pair.join("=")).join(",");
    const own = { ...this.fields, middle: String(m), multiplier: String(M), rank };
    this.parts.coded.textContent = ["derive", "code", name, ...command(own).map(quoted), "--framework", this.state.code].join(" ");
    this.code.update();
  }

  /** What Python is asked for: the code of the row on the layer. */
  asked() {
    const { name, setting } = this.row;
    const own = Object.entries(setting).map(([size, number]) => `"${size}": ${number}`);
    return ["coded", [name, `{${own.join(", ")}}`, JSON.stringify(this.fields)]];
  }

  showExport() {
    this.parts.preview.firstChild.textContent = this.exported();
    this.parts.command.textContent = ["derive", "compare", ...command(this.fields).map(quoted)].join(" ");
    this.parts.python.textContent = `derive.compare(${python(this.result.layer)}${pythonChoices(this.choices)})`;
  }

  exported() {
    return FORMATS[this.state.format].text(this);
  }

  async copy(text) {
    this.parts.heard.textContent = await copied(text);
  }

  download() {
    const { type, name } = FORMATS[this.state.format];
    this.parts.heard.textContent = carried(this.exported(), name, type);
  }

  /** Writes the state into the address, without a new entry in the history. */
  remember() {
    remember(this.fields);
    const own = Object.entries(this.state)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(";") : value])
      .filter(([name, value]) => value !== (Array.isArray(USUAL[name]) ? "" : USUAL[name]));
    const query = addressed(queryOf([...pairsOf(this.fields), ...own]));
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  button(words, press, name) {
    return html("button", { type: "button", class: "control press", onclick: press, "aria-label": name }, words);
  }

  /** A page of the site, from wherever the site lies. */
  link(path) {
    return new URL(`../../${path}`, import.meta.url).href;
  }
}

if (!customElements.get("layer-lab")) customElements.define("layer-lab", LayerLab);
