// <design-order>: which design represents which on the reader's layer, and what does within a budget.

import { html } from "./dom.js";
import { coming, compare } from "./engine.js";
import { layerForm } from "./layer-form.js";
import { pairsOf, queryOf, recalled, remember } from "./my-layer.js";
import { comingOrder, order } from "./order.js";
import { budget, budgetForm, FIELDS, MEASURES, orderTable, USUAL, withinBudget } from "./order-view.js";
import { understood, USUAL as LAYER } from "./read-layer.js";

class DesignOrder extends HTMLElement {
  connectedCallback() {
    if (this.parts) return;
    const given = new URLSearchParams(location.search);
    const among = (name, allowed) => (allowed(given.get(name)) ? given.get(name) : USUAL[name]);
    this.state = {
      design: given.get("design") ?? USUAL.design, measure: among("measure", (word) => word in MEASURES), most: (given.get("most") ?? "").slice(0, 40),
    };
    this.fields = { ...LAYER, ...recalled(location.search) };
    this.parts = { table: html("div"), ask: html("div"), answer: html("div", { "aria-live": "polite" }) };
    this.form = layerForm({ names: FIELDS, fields: this.fields, good: (read) => this.see(read) });
    this.replaceChildren(
      this.form.element, this.parts.table,
      html("h2", { id: "budget" }, "Within a budget"), this.parts.ask, this.parts.answer);
    const read = this.form.check();
    if (read.errors) this.see({ ...understood(LAYER), fields: LAYER });
  }

  /** A layer that makes sense; the formulas of other axes come first. */
  see({ layer, choices, fields }) {
    this.wanted = fields;
    const waiting = [coming(layer), comingOrder(layer)].filter(Boolean);
    if (waiting.length) {
      Promise.all(waiting).then(() => this.wanted === fields && this.see({ layer, choices, fields }));
      return;
    }
    this.fields = fields;
    this.result = compare(layer, choices);
    this.found = order(this.result);
    const { rows } = this.found;
    if (!rows.some(({ name }) => name === this.state.design)) this.state.design = rows[0].name;
    const scrolled = this.parts.table.firstChild?.scrollLeft ?? 0;
    this.parts.table.replaceChildren(orderTable(this.result, this.found, link));
    if (scrolled) this.parts.table.firstChild.scrollLeft = scrolled;
    this.parts.ask.replaceChildren(budgetForm(this.result, this.state, this.found, (news) => this.change(news)));
    this.parts.ask.firstChild.addEventListener("submit", (event) => event.preventDefault());
    this.answer();
  }

  change(news) {
    Object.assign(this.state, news);
    this.answer();
  }

  answer() {
    const most = budget(this.result, this.state), message = this.querySelector("#order-most-error");
    const words = most === null ? "a budget is a whole number such as 216" : "";
    if (message.textContent !== words) message.textContent = words;
    if (most !== null) this.parts.answer.replaceChildren(...withinBudget(this.result, this.found, { ...this.state, most }, link));
    remember(this.fields);
    const own = Object.entries(this.state).filter(([name, value]) => value !== USUAL[name]);
    history.replaceState(history.state, "", `${location.pathname}${queryOf([...pairsOf(this.fields), ...own])}${location.hash}`);
  }
}

/** A page of the site, from wherever the site lies. */
const link = (path) => new URL(`../../${path}`, import.meta.url).href;

if (!customElements.get("design-order")) customElements.define("design-order", DesignOrder);
