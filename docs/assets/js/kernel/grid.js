// The kernel as a grid of cells to type or to paint in; the factors of rank one stand along its edges.
import { number, make, tint } from "./heat.js";

const WIDE = 6; // characters that a cell has room for

export class Grid {
  // `change(y, x, word)` takes a word that was typed or painted; it answers with a complaint or nothing.
  // `fill(text)` takes a matrix that was pasted.
  constructor(table, change, fill) {
    this.table = table;
    this.change = change;
    this.fill = fill;
    this.brush = null; // the word to paint with, or null while typing
    this.at = [0, 0];
    this.dragging = false;
    table.addEventListener("focusin", (event) => this.focused(event.target));
    table.addEventListener("focusout", (event) => this.shorten(event.target));
    table.addEventListener("input", (event) => this.typed(event.target));
    table.addEventListener("paste", (event) => this.pasted(event));
    table.addEventListener("keydown", (event) => this.pressed(event));
    table.addEventListener("pointerdown", (event) => this.strokeStarts(event));
    table.addEventListener("pointermove", (event) => this.strokeGoesOn(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      table.addEventListener(end, () => { this.dragging = false; });
    }
  }

  // New cells for a new size, else the same ones with other contents.
  show({ rows, words }, { edges = null, marked = null } = {}) {
    this.rows = rows;
    this.words = words;
    if (this.inputs?.length !== rows.length || this.inputs[0].length !== rows[0].length) this.build();
    const tints = tint(rows);
    this.inputs.forEach((line, y) =>
      line.forEach((input, x) => {
        const { kind, size } = tints[y][x];
        const framed = marked?.rows.includes(y) && marked.columns.includes(x);
        input.parentElement.className = framed ? `${kind} marked` : kind;
        input.parentElement.style.setProperty("--size", `${size}%`);
        if (!this.holdsWordOf(input, y, x)) this.write(input, y, x);
      }),
    );
    this.heads.row.forEach((head, x) => { head.textContent = edges ? number(edges.row[x]) : ""; });
    this.heads.column.forEach((head, y) => { head.textContent = edges ? number(edges.column[y]) : ""; });
    this.table.classList.toggle("edged", Boolean(edges));
  }

  build() {
    const [height, width] = [this.rows.length, this.rows[0].length];
    const across = Array.from({ length: width }, () => make("td", { class: "edge" }));
    const down = Array.from({ length: height }, () => make("td", { class: "edge" }));
    this.heads = { row: across, column: down };
    this.at = [Math.min(this.at[0], height - 1), Math.min(this.at[1], width - 1)];
    this.inputs = this.rows.map((row, y) => row.map((_, x) => this.cell(y, x)));
    const body = this.inputs.map((line, y) => make("tr", {}, down[y], ...line.map((input) => make("td", {}, input))));
    this.table.style.setProperty("--columns", width);
    this.table.replaceChildren(
      make("thead", {}, make("tr", {}, make("td", { class: "edge corner" }), ...across)),
      make("tbody", {}, ...body),
    );
  }

  cell(y, x) {
    const input = make("input", {
      type: "text", autocomplete: "off", spellcheck: "false", size: "1",
      tabindex: y === this.at[0] && x === this.at[1] ? "0" : "-1",
      "aria-label": `row ${y + 1}, column ${x + 1}`,
    });
    input.place = [y, x];
    return input;
  }

  // What is being typed stays as it is typed.
  holdsWordOf(input, y, x) {
    return input === document.activeElement && !this.brush && input.value.trim() === this.words[y][x];
  }

  write(input, y, x) {
    const word = this.words[y][x];
    const active = input === document.activeElement && this.brush === null;
    input.value = active || word.length <= WIDE ? word : number(this.rows[y][x]);
    input.title = word.length > WIDE ? word : "";
    input.removeAttribute("aria-invalid");
  }

  focused(input) {
    if (!input.place) return;
    const [y, x] = input.place;
    this.inputs[this.at[0]][this.at[1]].tabIndex = -1;
    input.tabIndex = 0;
    this.at = [y, x];
    if (this.brush === null && input.getAttribute("aria-invalid") !== "true") input.value = this.words[y][x];
    input.select();
  }

  shorten(input) {
    if (input.place && input.getAttribute("aria-invalid") !== "true") this.write(input, ...input.place);
  }

  typed(input) {
    this.take(input, input.value);
  }

  // A cell is a field of one line, which would drop the line breaks of a matrix.
  pasted(event) {
    const text = event.clipboardData?.getData("text/plain").trimEnd() ?? "";
    if (!event.target.place || !/[\n\r\t;[]/.test(text)) return;
    event.preventDefault();
    this.fill(text);
  }

  take(input, word) {
    const complaint = this.change(...input.place, word);
    if (complaint) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  pressed(event) {
    const input = event.target;
    if (!input.place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.restore(input);
    if (this.brush !== null && (event.key === " " || event.key === "Enter")) {
      event.preventDefault();
      return this.paint(input);
    }
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] }[event.key];
    if (!step || !this.leaves(input, event.key)) return;
    const next = this.inputs[input.place[0] + step[0]]?.[input.place[1] + step[1]];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (this.brush !== null && event.shiftKey) this.paint(next);
  }

  // Left and right move the caret within a word first.
  leaves(input, key) {
    if (this.brush !== null || !/Left|Right/.test(key)) return true;
    const { selectionStart: from, selectionEnd: to, value } = input;
    if (to - from === value.length) return true;
    return from === to && from === (key === "ArrowLeft" ? 0 : value.length);
  }

  restore(input) {
    input.removeAttribute("aria-invalid");
    this.write(input, ...input.place);
    input.select();
    this.change(...input.place, this.words[input.place[0]][input.place[1]]);
  }

  setBrush(word) {
    this.brush = word;
    this.table.classList.toggle("painting", word !== null);
    for (const input of this.inputs.flat()) input.readOnly = word !== null;
  }

  paint(input) {
    const [y, x] = input.place;
    if (this.words[y][x] !== this.brush) this.take(input, this.brush);
  }

  strokeStarts(event) {
    if (this.brush === null || !event.target.place) return;
    event.preventDefault();
    event.target.focus({ preventScroll: true });
    this.table.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.paint(event.target);
  }

  strokeGoesOn(event) {
    if (!this.dragging) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) {
      const under = document.elementFromPoint(point.clientX, point.clientY);
      const input = under?.closest("td")?.querySelector("input");
      if (input?.place && this.table.contains(input)) this.paint(input);
    }
  }
}
