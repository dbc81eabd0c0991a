// Python on its way: what has arrived of it, and a button to stop it.

import { html } from "../dom.js";
import { listed, python } from "./python.js";

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const sum = (numbers) => Object.values(numbers).reduce((total, one) => total + one, 0);

export class Loading {
  /** `shown(yes)` is called when it appears and when it goes. */
  constructor(shown = () => {}) {
    this.shown = shown;
    this.stage = html("span");
    this.bar = html("progress", { max: 1, value: 0, "aria-label": "Bytes of Python that have arrived" });
    this.list = html("ul", { "data-list": "files" });
    this.element = html("div", { class: "py-loading", hidden: true },
      html("p", {}, this.stage, " ", html("button", { type: "button", "data-do": "cancel", onclick: () => python.cancel() }, "Cancel")),
      this.bar, this.list);
  }

  /** How much there is to fetch, in words; empty if that cannot be had. */
  async size() {
    this.files ??= await listed();
    return this.files ? megabytes(sum(this.files)) : "";
  }

  /** Resolves when Python is on; rejects with words. */
  async start() {
    if (python.state === "on") return;
    this.show(true);
    try {
      this.files ??= await listed();
      if (!this.files) throw new Error("python.json could not be fetched");
      await python.start(this.files, (news) => this.hear(news));
    } finally {
      this.show(false);
    }
  }

  show(yes) {
    this.got = {};
    this.rows = {};
    this.list.replaceChildren();
    this.element.hidden = !yes;
    this.shown(yes);
    if (yes) this.hear({ stage: "fetching" });
  }

  /** Bytes that have arrived, or what comes next. */
  hear({ file, got, stage }) {
    if (stage) this.next = stage;
    if (file) {
      this.got[file] = got;
      this.row(file).textContent = `${megabytes(got)} of ${megabytes(this.files[file])}`;
    }
    const all = sum(this.files ?? {}), arrived = sum(this.got);
    this.bar.value = all ? Math.min(1, arrived / all) : 0;
    this.stage.textContent = this.next === "fetching" ? `${megabytes(arrived)} of ${megabytes(all)}` : `All here; ${this.next} …`;
  }

  row(file) {
    if (!this.rows[file]) {
      this.rows[file] = html("span");
      this.list.append(html("li", {}, html("code", {}, file.split("/").at(-1)), " ", this.rows[file]));
    }
    return this.rows[file];
  }
}
