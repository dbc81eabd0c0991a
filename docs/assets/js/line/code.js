// Code that Python writes in the page for what a lab shows: a choice of frameworks, one file at a time, copy, download.

import { choice, html } from "../learn/widgets.js";
import { carried, copied } from "./take.js";
import { Loading } from "./loading.js";
import { python } from "./python.js";

const QUIET = 150; // ms without news before Python is asked again

/**
 * The panel. `titles` are the frameworks by name; `asked()` is the question, a function of derive/render/live.py with
 * its arguments, or null while there is none; `changed(framework)` is called when the reader chooses another one.
 * update() is called whenever the question may be another one; below(nodes) puts more under the code.
 */
export class CodePanel {
  constructor({ titles, framework, asked, changed = () => {}, answered = () => {} }) {
    Object.assign(this, { titles, framework, asked, changed, answered, answer: null, question: "", turn: 0 });
    this.loading = new Loading((shown) => { this.start.hidden = shown; });
    this.start = html("button", { type: "button", class: "md-button md-button--primary py-start", onclick: () => this.begin() }, "Write the code");
    this.tabs = choice({ label: "framework", options: Object.entries(titles), value: framework, onChange: (one) => this.choose(one) });
    this.said = html("p", { class: "py-said", role: "status" });
    this.code = html("code");
    this.shown = html("pre", { tabindex: "0", role: "region", "aria-label": "Code" }, this.code);
    this.copy = html("button", { type: "button", class: "control press", onclick: () => this.take(copied) }, "Copy the code");
    this.save = html("button", { type: "button", class: "control press", onclick: () => this.take(carried) }, "Download");
    this.body = html("div", { class: "py-code", hidden: true },
      html("div", { class: "controls" }, this.tabs.element, this.copy, this.save), this.shown);
    this.element = html("div", { class: "py-panel" }, this.start, this.loading.element, this.body, this.said);
    if (python.state === "on") this.start.hidden = true;
    else this.loading.size().then((size) => size && (this.start.textContent = `Write the code (starts Python in the page, ${size})`));
  }

  /** Starts Python if need be, and asks. */
  async begin() {
    try {
      await this.loading.start();
    } catch (error) {
      this.say(`Python did not start: ${error.message}.`, !error.message.startsWith("cancelled"));
      return;
    }
    this.start.hidden = true;
    await this.ask();
    if (this.element.contains(document.activeElement) || document.activeElement === document.body) this.shown.focus({ preventScroll: true });
  }

  /** The question may be another one: what is shown is out of date until its answer is there. */
  update() {
    clearTimeout(this.waiting);
    if (JSON.stringify(this.asked()) === this.question) return;
    this.stale(true);
    if (python.state === "on") this.waiting = setTimeout(() => this.ask(), QUIET);
  }

  async ask() {
    const question = this.asked();
    if (!question) return;
    const turn = (this.turn += 1), words = JSON.stringify(question);
    this.stale(true);
    this.say("Writing the code …");
    try {
      const answer = await python.ask(...question);
      if (turn !== this.turn) return;
      if (answer.error) throw new Error(answer.error);
      this.answer = answer;
      this.question = words;
      this.start.hidden = true;
      this.body.hidden = false;
      this.stale(false);
      this.show();
      this.answered(answer);
    } catch (error) {
      if (turn === this.turn) this.say(`This went wrong: ${error.message}.`, true);
    }
  }

  /** Another framework, by another way than the panel's own. */
  set(framework) {
    this.tabs.set(framework);
    this.framework = framework;
    if (this.answer) this.show();
  }

  choose(framework) {
    this.framework = framework;
    this.changed(framework);
    if (this.answer) this.show();
  }

  show() {
    const { text, error } = this.answer.code[this.framework];
    this.code.textContent = text ?? "";
    this.shown.hidden = !text;
    for (const button of [this.copy, this.save]) button.disabled = !text;
    this.shown.setAttribute("aria-label", `Code: ${this.titles[this.framework]}`);
    this.say(error ? `${error[0].toUpperCase()}${error.slice(1)}.` : "", Boolean(error));
  }

  stale(yes) {
    this.body.inert = yes && !this.body.hidden;
    this.element.toggleAttribute("data-stale", yes && !this.body.hidden);
    this.element.toggleAttribute("data-written", !yes && this.answer !== null);
  }

  async take(how) {
    const { text, file } = this.answer.code[this.framework];
    this.say(await how(text, file, "text/x-python"));
  }

  say(words, complaint = false) {
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("complaint", complaint);
  }
}
