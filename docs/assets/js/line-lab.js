// Your own line: what the reader writes is derived by the project's own Python, which starts when it is asked for.

import { watchAnswers } from "./answers.js";
import { addressed } from "./embed.js";
import { layerFold } from "./layer-fold.js";
import { OF_LAYER } from "./layer-form.js";
import { factsOf, html } from "./learn/widgets.js";
import { Loading } from "./line/loading.js";
import { python } from "./line/python.js";
import { result } from "./line/result.js";
import { display, katex, sentence } from "./line/tex.js";
import { pairsOf } from "./my-layer.js";

const PARAMETER = "line";

class LineLab extends HTMLElement {
  connectedCallback() {
    if (this.facts) return;
    this.facts = factsOf(this);
    this.line = this.querySelector("#ll-line");
    this.theorem = this.querySelector("#ll-theorem");
    this.buttons = { derive: this.querySelector("[data-do=derive]"), prove: this.querySelector("[data-do=prove]") };
    this.hint = this.part("line").textContent;
    this.derived = this.line.value;
    this.fold = layerFold({ names: OF_LAYER, good: () => this.edited() });
    this.shown = this.layer; // the page comes with a layer of its own, which it names
    this.loading = new Loading((shown) => this.progress(shown));
    this.querySelector(".ll-form").append(this.loading.element);
    this.querySelector("[data-fold]").append(this.fold.element);
    this.listen();
    watchAnswers(this);
    this.open();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.onpop);
  }

  part(name) {
    return this.querySelector(`[data-say="${name}"]`);
  }

  /** Words below a form. A complaint about the line stands until the next line is accepted. */
  say(name, words, complaint = false) {
    const place = this.part(name);
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("complaint", complaint);
    if (name === "line" && complaint) this.line.setAttribute("aria-invalid", "true");
  }

  listen() {
    this.querySelector(".ll-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.derive();
    });
    this.querySelector(".ll-prove").addEventListener("submit", (event) => {
      event.preventDefault();
      this.prove();
    });
    this.line.addEventListener("input", () => this.edited());
    this.querySelector("#ll-examples").addEventListener("change", ({ target }) => {
      if (!target.value) return;
      this.put(target.value);
      if (python.state === "on") this.derive();
    });
    this.onpop = () => this.isConnected && this.reopen();
    addEventListener("popstate", this.onpop);
  }

  /** The address may hold a line; with Python on it is derived, otherwise it waits in its field. */
  async open() {
    this.dataset.python = python.state;
    const given = this.addressed();
    if (given) this.put(given);
    if (python.state === "on") {
      this.started();
      if (given) await this.derive();
      return;
    }
    const size = await this.loading.size();
    if (size) this.buttons.derive.textContent = `Start Python in the page (${size})`;
    this.hint = given ? "Start Python, and this line is derived." : this.hint;
    this.say("line", this.hint);
    this.dataset.ready = "yes";
  }

  addressed() {
    return (new URLSearchParams(location.search).get(PARAMETER) ?? "").slice(0, 240);
  }

  reopen() {
    const given = this.addressed();
    if (!given || given === this.line.value) return;
    this.put(given);
    if (python.state === "on") this.derive();
  }

  put(line) {
    this.line.value = line;
    this.edited();
  }

  /** The words of the reader's layer as JSON; empty for the opening one, instead of which a line may have another. */
  get layer() {
    const { fields } = this.fold.read;
    return pairsOf(fields).length ? JSON.stringify(fields) : "";
  }

  /** What is shown holds for the line and the layer that were derived, and for no others. */
  edited() {
    this.line.toggleAttribute("data-edited", this.line.value !== this.derived);
    this.fold.element.toggleAttribute("data-edited", this.layer !== this.shown);
  }

  /** Starts Python if need be; false if it did not start. */
  async ready(where) {
    if (python.state === "on") return true;
    this.say("line", "");
    try {
      await Promise.all([this.loading.start(), katex()]);
    } catch (error) {
      this.say(where, `Python did not start: ${error.message}.`, !error.message.startsWith("cancelled"));
      return false;
    }
    this.started();
    return true;
  }

  started() {
    this.dataset.python = python.state;
    this.dataset.ready = "yes";
    this.buttons.derive.textContent = "Derive";
    this.say("line", `Python has started, in ${python.seconds.toFixed(1)} s.`);
  }

  progress(shown) {
    this.dataset.python = shown ? "starting" : python.state;
    this.part("line").hidden = shown;
    for (const button of Object.values(this.buttons)) button.disabled = shown;
  }

  /** Derives the line in the field; a bad one keeps the last result and says what is wrong with it. */
  async derive() {
    const line = this.line.value, { layer } = this;
    if (!(await this.ready("line"))) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const begun = performance.now();
    this.say("line", "Deriving …");
    try {
      const answer = await python.ask("defined", [line, layer]);
      if (turn !== this.turn || !this.isConnected) return;
      if (answer.error) return this.say("line", `${answer.error}.`, true);
      await katex();
      this.shown = layer;
      this.show(answer);
      this.say("line", `Derived in ${((performance.now() - begun) / 1000).toFixed(2)} s.`);
      this.remember(line);
    } catch (error) {
      if (turn === this.turn) this.say("line", `This went wrong: ${error.message}.`, true);
    }
  }

  show(answer) {
    this.line.setAttribute("aria-invalid", "false");
    this.derived = answer.given;
    this.edited();
    this.querySelector(".ll-result").replaceChildren(...result(answer, this.facts));
    this.querySelector(".ll-elsewhere code").textContent = `derive define "${answer.given}"`;
  }

  remember(line) {
    const query = new URLSearchParams([[PARAMETER, line], ...pairsOf(this.fold.read.fields)]);
    history.replaceState(history.state, "", `${location.pathname}${addressed(`?${query}`)}${location.hash}`);
  }

  /** Runs the proof of the chosen theorem and writes every sentence down as soon as it has run. */
  async prove() {
    if (!(await this.ready("proof"))) return;
    const list = this.querySelector("[data-list=proof]");
    list.replaceChildren();
    this.buttons.prove.disabled = true;
    this.say("proof", "Proving …");
    await katex();
    try {
      let part = "";
      const answer = await python.ask("proved", [this.theorem.value], (step) => {
        if (step.part && step.part !== part) list.append(html("li", { class: "part" }, html("strong", {}, step.part)));
        part = step.part;
        list.append(this.step(step));
      });
      if (answer.error) throw new Error(answer.error);
      this.say("proof", verdict(answer, list.querySelectorAll("[data-status]")));
    } catch (error) {
      this.say("proof", `This went wrong: ${error.message}.`, true);
    } finally {
      this.buttons.prove.disabled = false;
    }
  }

  step({ sentence: text, badge, status, seconds, ran, expressions }) {
    const kind = status.replaceAll(" ", "-");
    const summary = html("summary", {}, html("span", { class: `badge badge-${kind}` }, badge), " ", html("span", { class: "ran" }, `${seconds.toFixed(3)} s`));
    const fold = html("details", { class: "evidence" }, summary, html("p", { class: "ran" }, ran));
    const open = () => fold.append(...expressions.flatMap(({ label, latex }) => [html("p", { class: "label" }, label), display(latex)]));
    fold.addEventListener("toggle", open, { once: true }); // set when they are looked at: there are many
    return html("li", { "data-status": status }, html("p", {}, sentence(text)), fold);
  }
}

/** What a run of a proof amounts to. */
function verdict({ words, seconds, status }, steps) {
  const open = [...steps].filter((step) => step.dataset.status === "not confirmed").length;
  const rest = open ? `; ${open} of them ask the second prover, which a page has not` : "";
  const outcome = status === "not confirmed" ? "The others hold" : `The theorem is ${words}`;
  return `${steps.length} sentences in ${seconds.toFixed(2)} s${rest}. ${outcome}.`;
}

customElements.get("line-lab") ?? customElements.define("line-lab", LineLab);
