// The map of the families: a kernel of zeros and ones, which forms it has, and where on the map that puts it.
import { button, controls, define, heat, html, letter, live, number, still } from "./widgets.js";

const ONES = [[0, 0], [0, 1], [1, 0], [1, 1]];

/** The rank of a small integer matrix: elimination without fractions. */
export function rank(matrix) {
  const rows = matrix.map((row) => [...row]);
  let found = 0;
  for (let column = 0; column < rows[0].length && found < rows.length; column += 1) {
    const pivot = rows.findIndex((row, at) => at >= found && row[column]);
    if (pivot < 0) continue;
    [rows[found], rows[pivot]] = [rows[pivot], rows[found]];
    for (const row of rows.slice(found + 1)) {
      const [a, b] = [rows[found][column], row[column]];
      row.forEach((entry, x) => (row[x] = a * entry - b * rows[found][x]));
    }
    found += 1;
  }
  return found;
}

/** The ranks that decide, of K[o, i, u, v] given as 16 entries, and the forms within the width. */
export function judge(entries, width) {
  const at = (o, i, u, v) => entries[8 * o + 4 * i + 2 * u + v];
  const by = (entry) => ONES.map(([a, b]) => ONES.map(([c, d]) => entry(a, b, c, d)));
  const slice = (entry) => [0, 1].map((a) => ONES.map(([b, c]) => entry(a, b, c)));
  const ranks = {
    vertical: rank(by((o, v, i, u) => at(o, i, u, v))),
    horizontal: rank(by((o, u, i, v) => at(o, i, u, v))),
    inputs: [0, 1].map((i) => rank(slice((o, u, v) => at(o, i, u, v)))),
    outputs: [0, 1].map((o) => rank(slice((i, u, v) => at(o, i, u, v)))),
  };
  // Of an outer product along o (or i) all filters are multiples of one: the tables u × v and v × u decide the rest.
  const outer = (entry) => [slice(entry), slice((u, a, v) => entry(a, u, v)), slice((v, a, u) => entry(a, u, v))].every((matrix) => rank(matrix) <= 1);
  const forms = {
    D: Math.max(...ranks.inputs) <= 1,
    A: ranks.vertical <= width,
    B: Math.max(...ranks.outputs) <= 1,
    S: [0, 1].every((i) => outer((o, u, v) => at(o, i, u, v))),
    F: [0, 1].every((o) => outer((i, u, v) => at(o, i, u, v))),
  };
  return { ranks, forms, region: Object.keys(forms).filter((form) => forms[form]).join("") };
}

class Same {
  constructor({ regions, places, forms, width }, map) {
    Object.assign(this, { regions, places, forms, width, map });
    this.names = Object.keys(places);
    this.entries = [...regions.DA.entries];
    this.grids = [0, 1].map((o) =>
      [0, 1].map((i) => heat({ name: `Filter of output ${o} and input ${i}`, rows: [[0, 0], [0, 0]], largest: 2, press: (u, v) => this.flip(8 * o + 4 * i + 2 * u + v) })),
    );
    this.you = map.querySelector(".you");
    this.verdicts = html("ul", { class: "verdicts" });
    this.said = live();
    this.dots();
    this.element = html(
      "div",
      {},
      html(
        "div",
        { class: "same" },
        map,
        html(
          "div",
          {},
          html("p", { class: "over" }, "Your kernel K: press an entry"),
          html("div", { class: "filters", "--across": 2 }, this.grids.map((line, o) => line.map((grid, i) => html("div", {}, html("p", { class: "over" }, letter("o", `o=${o}`), " ", letter("i", `i=${i}`)), grid.element)))),
          controls(button("‹", () => this.step(-1), { "aria-label": "Previous region" }), button("›", () => this.step(1), { "aria-label": "Next region" }), html("span", {}, "walk through the regions")),
        ),
      ),
      this.said.element,
      this.verdicts,
    );
    this.show(this.entries);
  }

  dots() {
    for (const dot of this.map.querySelectorAll(".dot")) {
      const { region } = dot.dataset;
      const press = () => this.show(this.regions[region].entries);
      dot.setAttribute("role", "button");
      dot.setAttribute("tabindex", "0");
      dot.setAttribute("aria-label", `Smallest kernel that is ${dot.querySelector("title").textContent}`);
      dot.addEventListener("click", press);
      dot.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        press();
      });
    }
  }

  step(by) {
    const next = (this.names.indexOf(this.region) + by + this.names.length) % this.names.length;
    this.show(this.regions[this.names[next]].entries);
  }

  flip(place) {
    this.show(this.entries.with(place, 1 - this.entries[place]));
  }

  show(entries) {
    this.entries = [...entries];
    const { ranks, forms, region } = judge(this.entries, this.width);
    this.region = region;
    this.grids.forEach((line, o) =>
      line.forEach((grid, i) => {
        grid.fill([0, 1].map((u) => [0, 1].map((v) => this.entries[8 * o + 4 * i + 2 * u + v])));
        [0, 1].forEach((u) => [0, 1].forEach((v) => grid.cell(u, v).firstElementChild.setAttribute("aria-label", `K ${o}, ${i}, ${u}, ${v} is ${this.entries[8 * o + 4 * i + 2 * u + v]}`)));
      }),
    );
    const [x, y] = this.places[region];
    this.you.style.transform = `translate(${x}px, ${y}px)`;
    this.you.style.transition = still() ? "none" : "transform 0.35s";
    for (const dot of this.map.querySelectorAll(".dot")) dot.setAttribute("aria-pressed", dot.dataset.region === region);
    this.verdicts.replaceChildren(...Object.keys(this.forms).map((form) => this.verdict(form, forms[form], ranks, forms)));
    const found = this.regions[region];
    const witness = found.entries.every((entry, at) => entry === this.entries[at]);
    this.said.say(html("strong", {}, this.title(forms)), ` ${number(found.number)} of ${number(2 ** 16)} kernels lie here`, witness ? "; this is the smallest." : ".");
  }

  title(forms) {
    const implied = new Set(Object.keys(forms).filter((form) => forms[form]).flatMap((form) => ({ S: ["D", "A"], F: ["A", "B"] })[form] ?? []));
    const names = Object.keys(forms).filter((form) => forms[form] && !implied.has(form)).map((form) => this.forms[form].name);
    const words = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0] ?? "none of them";
    return `${words[0].toUpperCase()}${words.slice(1)}.`;
  }

  verdict(form, has, ranks, forms) {
    const { name, family } = this.forms[form];
    const found = this.regions[this.region];
    const witness = found.entries.every((entry, at) => entry === this.entries[at]);
    const why = {
      D: ["ranks of the slices of the two inputs: ", ranks.inputs.join(", "), "; 1 is allowed"],
      A: ["rank ", ranks.vertical, ` column first, ${ranks.horizontal} row first; ${this.width} is allowed`],
      B: ["ranks of the slices of the two outputs: ", ranks.outputs.join(", "), "; 1 is allowed"],
      S: [forms.D ? `each filter is ${has ? "" : "not always "}a column times a row` : "all of these are depthwise separable"],
      F: [forms.B ? `each filter is ${has ? "" : "not always "}a column times a row` : "all of these are blueprint separable"],
    }[form];
    return html(
      "li",
      { class: has ? "yes" : "no" },
      html("strong", {}, has ? "Yes" : "No"),
      ": ",
      html("a", { href: `../../families/${family}/` }, name),
      html("span", { class: "note" }, ": ", why, !has && witness ? html("span", { class: "proof" }, ` (${found.why[form]})`) : ""),
    );
  }
}

define("learn-same", (facts, figure) => new Same(facts, figure.querySelector("svg")).element);
