// Assign the letters of the kernel to two factors: the sums nest, and the products per pixel change.
import { bars, button, choice, controls, define, html, letter, lettered, live } from "./widgets.js";

const HOMES = ["first", "second", "both"];
const PRESETS = {
  "Kernel whole": ["first", "first", "first", "first", "none"],
  "Column, then row": ["first", "second", "first", "second", "bond"],
  "Space, then channels": ["both", "second", "first", "first", "none"],
  "Channels, then space": ["first", "both", "second", "second", "none"],
};
const ROWS = [
  ["i", "input channel", HOMES],
  ["o", "output channel", HOMES],
  ["u", "vertical tap", HOMES.slice(0, 2)],
  ["v", "horizontal tap", HOMES.slice(0, 2)],
];

function draw({ assignments, width }) {
  const full = assignments[PRESETS["Kernel whole"].join(" ")];
  let assignment = [...PRESETS["Column, then row"]];
  const line = html("p", { class: "sum-line" });
  const nested = html("p", { class: "sum-line" });
  const chart = html("div");
  const said = live();

  const rows = ROWS.map(([name, meaning, homes], at) =>
    choice({
      label: [letter(name), ` ${meaning}`],
      options: homes.map((home) => [home, home]),
      value: assignment[at],
      onChange: (home) => show(assignment.with(at, home)),
    }),
  );
  rows.push(
    choice({
      label: [letter("j"), " bond between them"],
      options: [["none", "none"], ["bond", `${width} middle channels`]],
      value: assignment[4],
      onChange: (bond) => show(assignment.with(4, bond)),
    }),
  );

  function show(next) {
    assignment = next;
    rows.forEach((row, at) => row.set(assignment[at]));
    const found = assignments[assignment.join(" ")];
    const bond = found.factors.filter((factor) => factor.includes("j")).length > 1;
    line.replaceChildren(...lettered(`K[o,i,u,v] = ${bond ? "Σj " : ""}${found.factors.join(" · ")}`));
    nested.replaceChildren(...lettered(`Y[o,y,x] = ${nest(found.stages)}`));
    chart.replaceChildren(bars([
      { name: "Kernel whole", value: full.products, words: `${full.products} products per pixel` },
      { name: "Factored", value: found.products, kind: "chosen", words: `${sum(found.stages)} products, ${found.weights} weights` },
    ], Math.max(720, full.products)));
    said.say(...verdict(found));
  }

  const element = html(
    "div",
    {},
    html("div", { class: "controls presets" }, Object.entries(PRESETS).map(([name, preset]) => button(name, () => show([...preset])))),
    html("div", { class: "assignment" }, rows.map((row) => row.element)),
    line,
    nested,
    chart,
    said.element,
  );
  show(assignment);
  return element;
}

/** The stages as one nested sum, the first innermost. */
function nest(stages) {
  return stages.reduce((inner, { factor, sums }, at) => {
    const signs = sums.map((name) => `Σ${name} `).join("");
    return `${signs}${factor} · ${at ? `( ${inner} )` : inner}`;
  }, "X[i, y+u, x+v]");
}

const sum = (stages) => (stages.length > 1 ? `${stages.map((stage) => stage.products).join(" + ")} = ` : "") + stages.reduce((all, stage) => all + stage.products, 0);

function verdict(found) {
  const name = found.family ? html("a", { href: `../../families/${found.family.name}/` }, found.family.title) : "No name in this book";
  const again = found.again.map(([factor, letters]) => [` ${factor} is applied again for every `, letters.map((one) => letter(one)), ": a wasteful order."]);
  return [html("strong", {}, name), ". Represents ", found.exact === "every kernel" ? "every kernel" : ["the kernels with ", lettered(found.exact)], ".", again];
}

define("learn-factoring", draw);
