// <block-budget>: an exercise. The reader's block on a layer, within a budget or not, what it represents, and how close it
// comes to the best listed design. The block is a listed design, or a line of the reader's own, which Python reads. The
// address holds all of it.

import { watchAnswers } from "./answers.js";
import { coming, evaluate } from "./engine.js";
import { budget, designs, largest, represented, within } from "./lab/budget.js";
import { OwnBlock } from "./lab/own-block.js";
import { layerForm } from "./layer-form.js";
import { choice, factsOf, html, unique } from "./learn/widgets.js";
import { pairsOf, queryOf, recalled, remember } from "./my-layer.js";
import { thousands } from "./numbers.js";
import { comingOrder } from "./order.js";
import { understood, USUAL } from "./read-layer.js";
import { layerWords } from "./text.js";

const FIELDS = ["image", "in", "out", "kernel", "stride", "padding", "groups"];
const MEASURES = { macs: "MACs", parameters: "weights" };
const MOST = 1000; // per cent
const OWN = "line"; // the choice of a line of the reader's own
const LINE = "A[j,i,u] B[o,j,v]";
const UNREAD = "The line is scored when Python has read it.";
const BOUND = "Of this block only an upper bound of the degrees of freedom is known; the exact number is not worked out in the page.";
const whole = (text, most) => (/^\d{1,9}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most ? BigInt(text.trim()) : null);

class BlockBudget extends HTMLElement {
  connectedCallback() {
    if (this.facts) return;
    this.facts = factsOf(this);
    const given = new URLSearchParams(location.search);
    this.fields = { ...USUAL, ...recalled(location.search) };
    if (understood(this.fields).errors) this.fields = { ...USUAL };
    this.measure = given.get("measure") in MEASURES ? given.get("measure") : "macs";
    this.percent = whole(given.get("budget") ?? "", MOST) ?? 50n;
    this.design = given.get("design") ?? "asymmetric";
    this.written = (given.get("line") ?? LINE).slice(0, 240);
    this.sizes = Object.fromEntries((given.get("sizes") ?? "").split(",").map((pair) => pair.split(":"))
      .flatMap(([size, n]) => (/^\w+$/.test(size) && whole(n ?? "", 1e9) ? [[size, BigInt(n)]] : [])));
    this.build();
  }

  build() {
    this.form = layerForm({ names: FIELDS, fields: this.fields, good: (read) => this.see(read) });
    this.kind = choice({ label: "Budget of", options: Object.entries(MEASURES), value: this.measure, onChange: (measure) => this.change({ measure }) });
    this.share = this.numberField("per cent of the standard layer", String(this.percent), MOST, (percent) => this.change({ percent }));
    this.select = html("select", { id: unique("block"), onchange: ({ target }) => this.change({ design: target.value, sizes: {} }) });
    this.own = html("div", { class: "sizes" });
    this.line = new OwnBlock({ line: this.written, asked: () => this.asked(), changed: () => this.show() });
    this.said = html("div", { class: "said", role: "status", "data-answer": true });
    this.best = html("div", { class: "best", "data-answer": true });
    this.replaceChildren(
      html("div", { class: "tasks", role: "group", "aria-label": "Tasks" }, html("p", {}, "Take a task, or a layer of yours:"),
        this.facts.tasks.map((task) => html("button", { type: "button", class: "md-button", onclick: () => this.take(task) }, task.words))),
      this.form.element,
      html("div", { class: "controls" }, this.kind.element, this.share),
      html("div", { class: "controls block" }, html("p", { class: "control" }, html("label", { for: this.select.id }, "Your block"), this.select), this.own),
      this.line.element,
      this.said,
      this.best,
    );
    watchAnswers(this);
    this.form.check();
  }

  /** A field for a whole number, with its message below it; what is refused changes nothing. */
  numberField(words, value, most, good) {
    const id = unique("number"), error = html("span", { class: "error", id: `${id}-error`, role: "alert" });
    const input = html("input", { id, type: "text", inputmode: "numeric", value, maxlength: 9, autocomplete: "off", "aria-describedby": `${id}-error`,
      oninput: () => {
        const n = whole(input.value, most);
        error.textContent = n === null ? `a whole number from 1 to ${thousands(most)}` : "";
        if (n === null) return input.setAttribute("aria-invalid", "true");
        input.removeAttribute("aria-invalid");
        good(n);
      } });
    return html("p", { class: "control count" }, html("label", { for: id }, words), input, error);
  }

  take({ fields, measure, percent }) {
    Object.assign(this, { measure, percent: BigInt(percent), sizes: {} });
    this.kind.set(measure);
    const share = this.numberField("per cent of the standard layer", String(percent), MOST, (number) => this.change({ percent: number }));
    this.share.replaceWith(share);
    this.share = share;
    this.form.set({ ...USUAL, ...fields });
  }

  see({ layer, fields }) {
    this.wanted = fields;
    const waiting = [coming(layer), comingOrder(layer)].filter(Boolean);
    if (waiting.length) return Promise.all(waiting).then(() => this.wanted === fields && this.see({ layer, fields }));
    Object.assign(this, { layer, fields });
    const found = designs(layer);
    if (this.design !== OWN && !found.some(({ name }) => name === this.design)) this.design = "standard";
    const options = [...found.map(({ name, title }) => [name, title]), [OWN, "A line of your own …"]];
    this.select.replaceChildren(...options.map(([name, title]) => html("option", { value: name, selected: name === this.design }, title)));
    this.choose();
    this.show();
  }

  change(news) {
    Object.assign(this, news);
    if ("design" in news) this.choose();
    if (this.layer) this.show();
  }

  /** The block's own sizes: those chosen, else the usual ones; those of a line come with its row. */
  choose() {
    this.line.show(this.design === OWN);
    if (this.design !== OWN) {
      const { setting } = designs(this.layer).find(({ name }) => name === this.design);
      this.sizes = Object.fromEntries(Object.entries(setting).map(([size, usual]) => [size, this.sizes[size] ?? usual]));
    }
    this.sized();
  }

  /** A field for every size of the block; fields that say it already stay, and with them the focus. */
  sized() {
    const shown = [...this.own.querySelectorAll("label, input")].map((one) => one.value ?? one.textContent);
    if (shown.join() === Object.entries(this.sizes).join()) return;
    this.own.replaceChildren(...Object.entries(this.sizes).map(([size, n]) =>
      this.numberField(size, String(n), 1e9, (number) => this.change({ sizes: { ...this.sizes, [size]: number } }))));
  }

  /** What Python is asked for a line: the words of the layer, the sizes, the budget. */
  asked() {
    const sizes = Object.entries(this.sizes).map(([size, n]) => `"${size}": ${n}`);
    const most = budget(this.layer, this.measure, this.percent);
    return [JSON.stringify(this.fields), `{${sizes.join(", ")}}`, this.measure, String(most)];
  }

  /** A line's row gives its sizes, too; until it is there what is shown is out of date. */
  show() {
    if (this.design !== OWN) return this.showRow(evaluate(this.layer, this.design, this.sizes));
    const row = this.line.row();
    if (row) {
      this.sizes = row.setting;
      this.sized();
      this.line.settle();
      return this.showRow(row);
    }
    if (!this.found) this.said.replaceChildren(html("p", {}, UNREAD));
    this.line.wait(Boolean(this.found));
    return this.remember();
  }

  showRow(row) {
    const { layer, measure } = this;
    this.found = row;
    const most = budget(layer, measure, this.percent);
    this.said.replaceChildren(...(row ? this.score(row, most) : [html("p", {}, "No such block: the middle channels are no multiple of the groups.")]));
    const table = html("details", {}, html("summary", {}, "Show the best of every listed design"));
    table.addEventListener("toggle", () => table.open && !table.querySelector("table") && table.append(this.table(most)));
    this.best.replaceChildren(table);
    this.remember();
  }

  /** What the program says of a block: its cost, what it represents, how it compares with the best. */
  score(row, most) {
    const { layer, measure } = this, mine = row[measure], words = MEASURES[measure];
    const ok = mine <= most, listed = ok ? this.listed(most) : [];
    return [
      html("p", { class: ok ? "yes" : "no" }, html("b", {}, ok ? "Within the budget. " : "Over the budget. "),
        `${thousands(mine)} ${words} of at most ${thousands(most)}, on ${layerWords(layer)}.`, ok ? "" : ` ${this.smaller(row, most)}`),
      html("p", {}, row.universal ? "With zero padding and nothing between the stages it equals every kernel of this layer."
        : ["With zero padding and nothing between the stages it equals a kernel exactly if: ", html("b", {}, row.exact_when), "."]),
      ...this.compared(row),
      ...(ok ? this.points(row, listed) : []),
    ];
  }

  /** Every listed design at its best within a budget, searched for once for each layer and budget. */
  listed(most) {
    const key = JSON.stringify([this.fields, this.measure, String(most)]);
    if (this.searched?.key !== key) this.searched = { key, found: within(this.layer, this.measure, most) };
    return this.searched.found;
  }

  /** What would be within the budget, if anything of this design is. */
  smaller(row, most) {
    const sizes = Object.keys(row.setting);
    if (sizes.length !== 1 || row.largest === null) return sizes.length ? "Smaller ranks take less." : "This design has no size to make smaller.";
    const n = row.largest ?? largest(this.layer, row, sizes[0], row.setting, this.measure, most);
    return n > 0n ? `With ${sizes[0]} up to ${n} it is within.` : "No size of it is within.";
  }

  /** Which of the listed designs, at their usual sizes, it can stand for. */
  compared(row) {
    const { all, some, open } = row.represented ?? represented(this.layer, row);
    const names = (pairs) => pairs.map(({ small }) => small.label).join(", ");
    const line = (words, pairs) => (pairs.length ? html("p", {}, `${words}: ${names(pairs)}.`) : null);
    return [
      line("Represents every kernel of", all), line("Does not represent every kernel of", some), line("Not decided for", open),
    ].filter(Boolean);
  }

  points(row, listed) {
    const exact = listed.filter((one) => one.degrees_of_freedom_exact), best = exact[0];
    const freedom = `${row.degrees_of_freedom_exact ? "" : "at most "}${thousands(row.degrees_of_freedom)} degrees of freedom`;
    return [this.scored(row, freedom, best), row.degrees_of_freedom_exact ? null : html("p", {}, BOUND)].filter(Boolean);
  }

  scored(row, freedom, best) {
    if (!best) return html("p", { class: "points" }, `It has ${freedom}.`);
    const [mine, theirs] = [row.degrees_of_freedom, best.degrees_of_freedom];
    const percent = (100n * mine) / theirs;
    if (row.degrees_of_freedom_exact && mine >= theirs) {
      return html("p", { class: "points" }, html("b", {}, "100 points. "), `It has ${freedom}, and no listed design that was tried within this budget is known to have more.`);
    }
    return html("p", { class: "points" }, html("b", {}, `${row.degrees_of_freedom_exact ? "" : "At most "}${percent > 99n ? 99n : percent} points. `),
      `It has ${freedom}; the best listed design within this budget has ${thousands(theirs)}.`);
  }

  table(most) {
    const { measure } = this, listed = this.listed(most);
    return html("div", { class: "lab-scroll", role: "region", tabindex: "0", "aria-label": "Listed designs within the budget" },
      html("table", { class: "lab-table" },
        html("thead", {}, html("tr", {}, ["design", MEASURES[measure], "degrees of freedom", "equals a kernel exactly if"].map((words, n) => html("th", { scope: "col", class: n === 3 && "words" }, words)))),
        html("tbody", {}, listed.map((row) => html("tr", {}, html("th", { scope: "row" }, html("button", { type: "button", class: "plain", onclick: () => this.copy(row) }, row.label)),
          html("td", {}, thousands(row[measure])), html("td", {}, `${row.degrees_of_freedom_exact ? "" : "at most "}${thousands(row.degrees_of_freedom)}`),
          html("td", { class: "words" }, row.exact_when_brief))))));
  }

  /** Takes a design of the table as the reader's block. */
  copy(row) {
    this.select.value = row.name;
    this.change({ design: row.name, sizes: row.setting });
    this.select.focus();
  }

  remember() {
    remember(this.fields);
    const sizes = Object.entries(this.sizes).map(([size, n]) => `${size}:${n}`).join(",");
    const more = [["measure", this.measure], ["budget", String(this.percent)], ["design", this.design], ...(this.design === OWN ? [["line", this.line.text]] : []), ...(sizes ? [["sizes", sizes]] : [])];
    history.replaceState(history.state, "", `${location.pathname}${queryOf([...pairsOf(this.fields), ...more])}${location.hash}`);
    this.dataset.ready = "yes";
  }
}

if (!customElements.get("block-budget")) customElements.define("block-budget", BlockBudget);
