// A 1 × 1 convolution is a linear combination of the channels, the same one at every pixel.
import { controls, define, heat, html, letter, live, number, slider } from "./widgets.js";

function draw({ planes, weights }) {
  const at = [...weights];
  const most = 3 * planes.length * Math.max(...planes.flat(2));
  const channels = planes.map((rows, i) => heat({ name: `Input channel ${i}`, rows, kind: "small" }));
  const mixed = () => planes[0].map((row, y) => row.map((_, x) => at.reduce((sum, weight, i) => sum + weight * planes[i][y][x], 0)));
  const result = heat({ name: "Output", rows: mixed(), kind: "small", largest: most });
  const said = live();
  const heads = planes.map(() => html("p", { class: "over" }));
  let pixel = [0, 0];

  const look = ([y, x]) => {
    pixel = [y, x];
    [...channels, result].forEach((grid) => grid.mark("here", [pixel]));
    said.say(`Pixel (${y}, ${x}): `, planes.map((plane, i) => [i ? " + " : "", `${at[i] < 0 ? `(${number(at[i])})` : at[i]}·${plane[y][x]}`]), ` = ${number(mixed()[y][x])}. No neighbour is looked at.`);
  };
  const show = () => {
    result.fill(mixed());
    heads.forEach((head, i) => head.replaceChildren(letter("i", `i = ${i}`), `, times ${number(at[i])}`));
    look(pixel);
  };
  const side = planes[0].length;
  const point = (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    const place = [cell.parentElement.rowIndex, cell.cellIndex];
    steps.set(place[0] * side + place[1]);
    look(place);
  };
  const steps = slider({ label: "Pixel", min: 0, max: side ** 2 - 1, value: 0, say: (step) => `${Math.floor(step / side)}, ${step % side}`, onInput: (step) => look([Math.floor(step / side), step % side]) });
  const element = html(
    "div",
    {},
    controls(
      weights.map((weight, i) =>
        slider({ label: ["Weight of ", letter("i", `i = ${i}`)], name: `Weight of channel ${i}`, min: -3, max: 3, value: weight, onInput: (next) => ((at[i] = next), show()) }).element,
      ),
      steps,
    ),
    html("div", { class: "grids", onpointerover: point, onclick: point }, channels.map((grid, i) => html("div", {}, heads[i], grid.element)), html("div", {}, html("p", { class: "over" }, "Output"), result.element)),
    said.element,
  );
  show();
  return element;
}

define("learn-combination", draw);
