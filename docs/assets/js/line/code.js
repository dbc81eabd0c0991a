// Code that Python writes in the page for what a lab shows: a choice of frameworks, one file at a time, copy, download.

import { choice, html } from "../learn/widgets.js";
import { carried, copied } from "./take.js";
import { Loading } from "./loading.js";
import { python } from "./python.js";

const QUIET = 150; // ms without news before Python is asked again

/**
 * The panel. `titles` are the frameworks by name; `asked()` is the question, a function of derive/render/live.py with
 * its arguments; `changed(framework)` is called when the reader chooses another one, `answered(answer)` when Python has
 * answered, and `outdated()` when that holds no more. update() is to be called whenever the question may be another one.
 */
export class CodePanel {
  constructor({ titles, framework, label = "framework", start = "Write the code", asked, changed = () => {}, answered = () => {}, outdated = () => {} }) {
    Object.assign(this, { titles, framework, asked, changed, answered, outdated, answer: null, question: "" });
    this.loading = new Loading((shown) => { this.start.hidden = shown; });
    this.start = html("button", { type: "button", class: "md-button md-button--primary py-start", onclick: () => this.begin() }, start);
    this.tabs = choice({ label, options: Object.entries(titles), value: framework, onChange: (one) => this.choose(one) });
    this.said = html("p", { class: "py-said", role: "status" });
    this.code = html("code");
    this.shown = html("pre", { tabindex: "0", role: "region", "aria-label": "Code" }, this.code);
    this.copy = html("button", { type: "button", class: "control press", onclick: () => this.take(copied) }, "Copy");
    this.save = html("button", { type: "button", class: "control press", onclick: () => this.take(carried) }, "Download");
    this.body = html("div", { class: "py-code", hidden: true },
      html("div", { class: "controls" }, this.tabs.element, this.copy, this.save), html("div", { class: "highlight" }, this.shown));
    this.element = html("div", { class: "py-panel" }, this.start, this.loading.element, this.body, this.said);
    if (python.state === "on") this.start.hidden = true;
    else this.loading.size().then((size) => size && (this.start.textContent = `${start} (starts Python in the page, ${size})`));
  }

  /** Starts Python if need be, and asks. */
  async begin() {
    try {
      await this.loading.start();
    } catch (error) {
      this.say(`Python did not start: ${error.message}.`, !error.message.startsWith("cancelled"));
      return;
    }
    await this.ask();
    if (document.activeElement === document.body) this.shown.focus({ preventScroll: true }); // the button has gone
  }

  /** The question may be another one: what is shown is out of date until its answer is there. */
  update() {
    clearTimeout(this.waiting);
    if (this.words() === this.question) return this.show();
    this.stale(true);
    if (python.state === "on") this.waiting = setTimeout(() => this.ask(), QUIET);
  }

  /** The question in words; two of them are equal if they are the same question. */
  words() {
    return JSON.stringify(this.asked());
  }

  async ask() {
    const words = this.words();
    this.stale(true);
    this.say("Writing …");
    try {
      const answer = await python.ask(...JSON.parse(words));
      if (words !== this.words()) return; // asked again meanwhile
      if (answer.error) throw new Error(answer.error);
      Object.assign(this, { answer, question: words });
      this.show();
    } catch (error) {
      if (words === this.words()) this.say(`This went wrong: ${error.message}.`, true);
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

  /** The answer, which is that of the question. */
  show() {
    const { text = "", pieces = [["", text]], error = "" } = this.answer.code[this.framework], title = this.titles[this.framework];
    this.stale(false);
    this.start.hidden = true;
    this.body.hidden = false;
    if (this.code.textContent !== text) this.code.replaceChildren(...pieces.map(([kind, part]) => (kind ? html("span", { class: kind }, part) : part)));
    this.shown.hidden = !text;
    this.shown.setAttribute("aria-label", title);
    for (const [button, does] of [[this.copy, "Copy"], [this.save, "Download"]]) {
      button.disabled = !text;
      button.setAttribute("aria-label", `${does}: ${title}`);
    }
    this.say(error && `${error[0].toUpperCase()}${error.slice(1)}.`, Boolean(error));
    this.answered(this.answer);
  }

  /** Whether what is shown is not the answer: then it is dimmed, and neither read nor taken. */
  stale(yes) {
    const shown = this.answer !== null;
    this.body.inert = yes && shown;
    this.element.toggleAttribute("data-stale", yes && shown);
    this.element.toggleAttribute("data-written", !yes && shown);
    if (yes) this.outdated();
  }

  async take(how) {
    const { text, file } = this.answer.code[this.framework];
    this.say(await how(text, file, "text/plain"));
  }

  say(words, complaint = false) {
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("complaint", complaint);
  }
}
