// The kernel of several channels, laid out as one matrix: rows (o, v), columns (i, u).
import { choice, controls, define, heat, html, letter, live, player } from "./widgets.js";

function draw(kernels) {
  const taps = Object.values(kernels)[0].filters[0][0].length;
  const channels = Object.values(kernels)[0].filters.length;
  const side = channels * taps;
  let kernel = Object.values(kernels)[0];

  const grids = kernel.filters.map((line, o) => line.map((rows, i) => heat({ name: `Filter of output ${o} and input ${i}`, rows, kind: "small" })));
  const heads = kernel.filters.map((line) => line.map(() => html("p", { class: "over" })));
  const matrix = heat({ name: "The matrix of the kernel", rows: kernel.matrix, kind: "small blocks" });
  const verdict = html("p", { class: "verdict-of" });
  const said = live();

  const look = (step) => {
    const [row, column] = [Math.floor(step / side), step % side];
    const [o, v, i, u] = [Math.floor(row / taps), row % taps, Math.floor(column / taps), column % taps];
    grids.forEach((line, a) => line.forEach((grid, b) => grid.mark("lit", a === o && b === i ? [[u, v]] : [])));
    matrix.mark("lit", [[row, column]]);
    said.say(
      "Row (", letter("o", `o = ${o}`), ", ", letter("v", `v = ${v}`), "), column (", letter("i", `i = ${i}`), ", ", letter("u", `u = ${u}`), `): K is ${String(kernel.filters[o][i][u][v]).replace("-", "−")}`,
    );
  };
  const steps = player({ label: "Entry", count: side ** 2, delay: 350, say: (step) => `${Math.floor(step / side)}, ${step % side}`, onStep: look });

  const point = (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    const [y, x] = [cell.parentElement.rowIndex, cell.cellIndex];
    if (matrix.element.contains(cell)) return steps.go(y * side + x);
    grids.forEach((line, o) => line.forEach((grid, i) => grid.element.contains(cell) && steps.go((o * taps + x) * side + i * taps + y)));
    return undefined;
  };
  const pictures = html(
    "div",
    { class: "grids", onpointerover: point, onclick: point },
    html("div", { class: "filters", "--across": channels }, grids.map((line, o) => line.map((grid, i) => html("div", {}, heads[o][i], grid.element)))),
    html("div", {}, html("p", { class: "over" }, "Rows (", letter("o"), ", ", letter("v"), "), columns (", letter("i"), ", ", letter("u"), ")"), matrix.element),
  );

  const show = (name) => {
    kernel = kernels[name];
    grids.forEach((line, o) =>
      line.forEach((grid, i) => {
        grid.fill(kernel.filters[o][i]);
        heads[o][i].replaceChildren(letter("o", `o=${o}`), " ", letter("i", `i=${i}`), `: rank ${kernel.ranks[o][i]}`);
      }),
    );
    matrix.fill(kernel.matrix);
    verdict.replaceChildren(html("strong", {}, `Rank ${kernel.rank} of ${side}`), `: the least width of a column-then-row pair is m = ${kernel.rank}.`);
    look(steps.step);
  };
  const element = html(
    "div",
    {},
    controls(choice({ label: "Kernel", options: Object.entries(kernels).map(([name, { title }]) => [name, title]), value: Object.keys(kernels)[0], onChange: show })),
    steps.element,
    pictures,
    said.element,
    verdict,
  );
  show(Object.keys(kernels)[0]);
  return element;
}

define("learn-matrix", draw);
