// A line of the reader's own as a block within a budget: its field, and its row on a layer, which this book's Python works
// out in the page once it has been started there.

import { html, unique } from "../dom.js";
import { label } from "../engine.js";
import { Loading } from "../line/loading.js";
import { python } from "../line/python.js";

const LONGEST = 240; // characters of a line
const COUNTS = ["macs", "parameters", "degrees_of_freedom"];

/**
 * The field. `asked()` are the words of the layer, the sizes, the measure and the budget, as `scored` of
 * derive/render/live.py takes them; `changed()` is called when row() may be another one.
 */
export class OwnBlock {
  constructor({ line, asked, changed }) {
    Object.assign(this, { text: line, asked, changed, answer: null, question: "", waiting: "", refused: "" });
    const id = unique("own-line");
    this.input = html("input", { id, type: "text", value: line, maxlength: LONGEST, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": `${id}-said`, oninput: () => this.changed() });
    this.button = html("button", { type: "submit", class: "md-button md-button--primary" }, "Score the line");
    this.said = html("p", { class: "py-said", id: `${id}-said`, role: "status" });
    this.loading = new Loading((shown) => { this.button.disabled = shown; });
    this.element = html("form", { class: "own-line", "aria-label": "A line of your own", novalidate: true, hidden: true,
      onsubmit: (event) => (event.preventDefault(), this.begin()) },
      html("label", { for: id }, "Your line"), this.input, this.button, this.loading.element, this.said);
  }

  /** Shows the field or hides it; hidden it refuses nothing. */
  show(yes) {
    if (yes === !this.element.hidden) return;
    this.element.hidden = !yes;
    this.refused = "";
    for (const mark of ["aria-invalid", "data-edited"]) this.input.removeAttribute(mark);
    this.hint();
  }

  /** What a reader has to know before Python has been started. */
  async hint() {
    const size = python.state === "on" ? "" : await this.loading.size();
    if (python.state === "on") this.button.textContent = "Score the line";
    else if (size) this.button.textContent = `Start Python in the page (${size})`;
    if (!this.answer && python.state !== "on") this.say("Python, SymPy and this book’s package come from this site when you ask for them, and not before.");
  }

  /** The question in words; two of them are equal if they are the same question. */
  words() {
    return JSON.stringify([this.text, ...this.asked()]);
  }

  /** The row of the line in the field, null if it is still to come. */
  row() {
    const current = this.input.value === this.text && this.question === this.words();
    return current ? this.answer : null;
  }

  /** The row has been accepted: it is the answer for its own sizes, too. */
  settle() {
    this.question = this.words();
    this.input.removeAttribute("data-edited");
    this.input.removeAttribute("aria-invalid");
  }

  /**
   * The row is still to come: Python is asked for that of the line that was sent, if it is on. Whether something is
   * shown that is out of date until then.
   */
  wait(shown) {
    this.input.toggleAttribute("data-edited", shown);
    if (python.state === "on" && this.input.value === this.text) this.ask();
  }

  /** Starts Python if need be, and asks about the line in the field. */
  async begin() {
    try {
      await this.loading.start();
    } catch (error) {
      return this.say(`Python did not start: ${error.message}.`, !error.message.startsWith("cancelled"));
    }
    await this.hint();
    this.text = this.input.value;
    this.refused = "";
    return this.row() ? this.changed() : this.ask();
  }

  async ask() {
    const words = this.words();
    if ([this.waiting, this.refused].includes(words)) return;
    this.waiting = words;
    this.say("Reading the line …");
    try {
      const answer = await python.ask("scored", JSON.parse(words));
      if (words !== this.words()) return; // asked again meanwhile
      if (answer.error) this.refuse(words, `${answer.error}.`);
      else this.accept(words, rowOf(answer));
    } catch (error) {
      if (words === this.words()) this.refuse(words, `This went wrong: ${error.message}.`);
    } finally {
      if (this.waiting === words) this.waiting = "";
    }
  }

  accept(words, row) {
    Object.assign(this, { answer: row, question: words, refused: "" });
    this.say("");
    this.changed();
  }

  refuse(words, complaint) {
    this.refused = words;
    this.input.setAttribute("aria-invalid", "true");
    this.say(complaint, true);
  }

  say(words, complaint = false) {
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("complaint", complaint);
  }
}

/** A row like those of engine.js, with what it represents and the largest size within the budget, null for none. */
function rowOf({ line, largest, represented }) {
  const pairs = (wanted) => represented.filter(({ holds }) => holds === wanted).map((one) => ({ small: { label: label(one) } }));
  return {
    ...line,
    ...Object.fromEntries(COUNTS.map((name) => [name, BigInt(line[name])])),
    setting: Object.fromEntries(Object.entries(line.setting).map(([size, n]) => [size, BigInt(n)])),
    largest: largest && BigInt(largest.at_most),
    represented: { all: pairs(true), some: pairs(false), open: pairs(null) },
  };
}
