// Count a network: the list of layers is counted by the project's own Python, which starts when it is asked for.

import { watchAnswers } from "./answers.js";
import { factsOf } from "./dom.js";
import { Loading } from "./line/loading.js";
import { python } from "./line/python.js";
import { carried, copied } from "./line/take.js";

const LIST = "layers", NETWORK = "network"; // what the address holds: a list, or the name of a published one
const LONGEST = 6000; // characters of an address that servers and messengers still take
const TYPES = { csv: ["layers.csv", "text/csv"], json: ["layers.json", "application/json"], markdown: ["layers.md", "text/markdown"] };

class CountLab extends HTMLElement {
  connectedCallback() {
    this.home = location.pathname;
    addEventListener("popstate", (this.onpop = () => location.pathname === this.home && this.reopen()));
    if (this.facts) return;
    this.facts = factsOf(this);
    this.text = this.querySelector("#cl-text");
    this.start = this.querySelector("#cl-start");
    this.go = this.querySelector("[type=submit]");
    this.stop = this.querySelector("[data-do=stop]");
    this.counted = this.text.defaultValue;
    this.files = this.facts.files;
    this.loading = new Loading((shown) => this.progress(shown));
    this.querySelector(".cl-form").append(this.loading.element);
    this.listen();
    watchAnswers(this);
    this.open();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.onpop);
  }

  /** Words below the form or the buttons. */
  say(name, words, complaint = false) {
    const place = this.querySelector(`[data-say="${name}"]`);
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("complaint", complaint);
  }

  listen() {
    this.querySelector(".cl-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.count();
    });
    this.text.addEventListener("input", () => this.edited());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.count();
    });
    this.start.addEventListener("change", () => {
      if (this.start.value) this.take(this.facts.lists[this.start.value]);
    });
    this.stop.addEventListener("click", () => python.end());
    for (const button of this.querySelectorAll("[data-form]")) button.addEventListener("click", () => this.download(button.dataset.form));
    this.querySelector("[data-do=link]").addEventListener("click", async () => this.say("take", this.address ? await copied(location.href) : "The list is too long for a link: download it."));
  }

  /** The address may hold a list; with Python on it is counted, otherwise it waits in its field. */
  async open() {
    const given = this.addressed();
    if (given !== null) this.text.value = given;
    this.edited();
    if (python.state === "on") {
      this.started();
      if (given !== null) await this.count();
    } else {
      const size = await this.loading.size();
      if (size) this.go.textContent = `Start Python in the page (${size})`;
      if (this.text.value !== this.counted) this.say("list", "Start Python, and this list is counted.");
    }
    this.dataset.ready = "yes";
  }

  /** The list that the address holds, or null. */
  addressed() {
    const given = new URLSearchParams(location.search);
    return given.get(LIST) ?? this.facts.lists[given.get(NETWORK)] ?? null;
  }

  reopen() {
    const given = this.addressed();
    if (given !== null && given !== this.text.value) this.take(given);
  }

  /** Another list in the field, counted at once if Python is there. */
  take(list) {
    this.text.value = list;
    this.edited();
    if (python.state === "on") this.count();
  }

  /** What is shown holds for the list that was counted, and for no other. */
  edited() {
    this.text.toggleAttribute("data-edited", this.text.value !== this.counted);
    this.text.removeAttribute("aria-invalid");
    this.start.value = this.known(this.text.value);
  }

  /** The name of the published network that a list is, or nothing. */
  known(list) {
    return Object.keys(this.facts.lists).find((name) => this.facts.lists[name] === list) ?? "";
  }

  /** Starts Python if need be; false if it did not start. */
  async ready() {
    if (python.state === "on") return true;
    try {
      await this.loading.start();
    } catch (error) {
      this.say("list", `Python did not start: ${error.message}.`, !error.message.startsWith("cancelled"));
      return false;
    }
    this.started();
    return true;
  }

  started() {
    this.go.textContent = "Count";
  }

  progress(shown) {
    this.querySelector("[data-say=list]").hidden = shown;
    this.go.disabled = shown;
  }

  /** Counts the list in the field; a bad one keeps the last result and says what is wrong with it. */
  async count() {
    if (!(await this.ready())) return;
    const list = this.text.value, turn = (this.turn = (this.turn ?? 0) + 1), begun = performance.now();
    this.say("list", "Counting …");
    this.stop.hidden = false;
    try {
      const answer = await python.ask("counted", [list]);
      if (turn !== this.turn || !this.isConnected) return;
      if (answer.error) return this.refuse(answer.error);
      this.show(list, answer);
      this.say("list", `Counted in ${((performance.now() - begun) / 1000).toFixed(2)} s.`);
    } catch (error) {
      if (turn === this.turn) this.say("list", `This went wrong: ${error.message}.`, true);
    } finally {
      if (turn === this.turn) this.stop.hidden = true;
    }
  }

  refuse(words) {
    this.text.setAttribute("aria-invalid", "true");
    this.say("list", `${words[0].toUpperCase()}${words.slice(1)}.`, true);
  }

  /** The answer of a list. Its HTML is Python's, in which every word of the list is text and none is markup. */
  show(list, { html, files }) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    this.querySelector(".cl-result").replaceChildren(...parsed.body.childNodes);
    Object.assign(this, { counted: list, files });
    this.say("take", "");
    this.edited();
    this.remember(list);
  }

  remember(list) {
    const query = new URLSearchParams(location.search), name = this.known(list);
    query.delete(LIST);
    query.delete(NETWORK);
    if (name) query.set(NETWORK, name);
    else query.set(LIST, list);
    this.address = `${query}`.length <= LONGEST;
    if (!this.address) query.delete(LIST);
    const search = `${query}` ? `?${query}` : "";
    history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
  }

  download(form) {
    const [file, type] = TYPES[form] ?? [this.facts.name, "text/plain"];
    this.say("take", carried(this.files[form] ?? `${this.counted}\n`, file, type));
  }
}

customElements.get("count-lab") ?? customElements.define("count-lab", CountLab);
