// Depthwise separable: one filter per input channel, and a weight for every output it goes to.
import { choice, controls, define, heat, html, letter, live, number, slider } from "./widgets.js";

function draw({ filters, mix }) {
  const weights = mix.map((line) => [...line]);
  let input = 0;
  const said = live();
  const times = (weight, rows) => rows.map((row) => row.map((entry) => weight * entry));

  const spatial = filters.map((rows, i) => heat({ name: `Filter of input ${i}`, rows }));
  const most = 2 * Math.max(...filters.flat(2).map(Math.abs));
  const made = weights.map((line, o) => line.map((weight, i) => heat({ name: `Kernel of output ${o} and input ${i}`, rows: times(weight, filters[i]), largest: most })));
  const heads = made.map((line) => line.map(() => html("p", { class: "over" })));
  const columns = filters.map((_, i) =>
    html(
      "div",
      { class: "slice" },
      html("p", { class: "over" }, "D, ", letter("i", `i = ${i}`)),
      spatial[i].element,
      html("div", { class: "arrow", "aria-hidden": "true" }),
      made.map((line, o) => html("div", {}, heads[o][i], line[i].element)),
    ),
  );
  const sliders = weights.map((_, o) =>
    slider({
      label: ["P to ", letter("o", `o = ${o}`)],
      name: `Weight to output ${o}`,
      min: -3,
      max: 3,
      value: weights[o][0],
      onInput: (weight) => {
        weights[o][input] = weight;
        show();
      },
    }),
  );

  function show() {
    made.forEach((line, o) =>
      line.forEach((grid, i) => {
        grid.fill(times(weights[o][i], filters[i]));
        heads[o][i].replaceChildren(letter("o", `o = ${o}`), `: ${number(weights[o][i])} · D`);
      }),
    );
    columns.forEach((column, i) => column.classList.toggle("chosen", i === input));
    sliders.forEach((one, o) => one.set(weights[o][input]));
    said.say(
      "Input ", letter("i", `${input}`), ` reaches the outputs as ${weights.map((line) => number(line[input])).join(", ")} times one and the same filter.`,
    );
  }
  const element = html(
    "div",
    {},
    controls(
      choice({ label: ["Input channel ", letter("i")], options: filters.map((_, i) => [i, `${i}`]), value: 0, onChange: (i) => ((input = i), show()) }),
      sliders,
    ),
    html("div", { class: "grids slices" }, columns),
    said.element,
  );
  show();
  return element;
}

define("learn-mix", draw);
