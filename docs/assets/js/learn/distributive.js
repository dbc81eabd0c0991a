// The distributive law as an area: a rectangle is the sum of its cells, and it is one product of two sums.
import { choice, controls, define, html, live, number, slider, svg } from "./widgets.js";

const UNIT = 22;
const GAP = 7;

function draw({ heights, widths }) {
  const at = { rows: 2, columns: 3, cut: true };
  const picture = svg("svg", { class: "areas", viewBox: "-34 -26 360 260", role: "img" });
  const said = live();

  const update = (change) => {
    Object.assign(at, change);
    const a = heights.slice(0, at.rows);
    const b = widths.slice(0, at.columns);
    picture.replaceChildren(...areas(a, b, at.cut));
    picture.setAttribute("aria-label", `A rectangle of ${at.rows} rows and ${at.columns} columns${at.cut ? ", cut into its cells" : " in one piece"}`);
    said.say(...words(a, b, at.cut));
  };
  const element = html(
    "div",
    {},
    controls(
      slider({ label: "Rows", min: 1, max: heights.length, value: at.rows, onInput: (rows) => update({ rows }) }),
      slider({ label: "Columns", min: 1, max: widths.length, value: at.columns, onInput: (columns) => update({ columns }) }),
      choice({ label: "Add up", options: [[true, "cell by cell"], [false, "factored"]], value: true, onChange: (cut) => update({ cut }) }),
    ),
    picture,
    said.element,
  );
  update({});
  return element;
}

const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

function areas(a, b, cut) {
  const gap = cut ? GAP : 0;
  const shapes = [];
  let y = 0;
  a.forEach((height, row) => {
    let x = 0;
    b.forEach((width, column) => {
      shapes.push(svg("rect", { class: "cell", x, y, width: width * UNIT, height: height * UNIT, rx: 3 }));
      if (cut) shapes.push(text(x + (width * UNIT) / 2, y + (height * UNIT) / 2, `${height}·${width}`));
      if (row === 0) shapes.push(text(x + (width * UNIT) / 2, -12, `${width}`, "letter-v"));
      x += width * UNIT + gap;
    });
    shapes.push(text(-14, y + (height * UNIT) / 2, `${height}`, "letter-u"));
    y += height * UNIT + gap;
  });
  if (!cut) shapes.push(text((total(b) * UNIT) / 2, (total(a) * UNIT) / 2, `${total(a)}·${total(b)}`));
  return shapes;
}

function text(x, y, words, kind = "") {
  return svg("text", { x, y, "text-anchor": "middle", "dominant-baseline": "central", class: kind }, words);
}

function words(a, b, cut) {
  const cells = a.flatMap((height) => b.map((width) => `${height}·${width}`));
  const value = number(total(a) * total(b));
  const many = (count, name) => `${count} ${name}${count === 1 ? "" : "s"}`;
  const [products, sums] = cut ? [cells.length, cells.length - 1] : [1, a.length + b.length - 2];
  const side = (numbers) => (numbers.length > 1 ? `(${numbers.join(" + ")})` : `${numbers[0]}`);
  return [
    cut ? cells.join(" + ") : `${side(a)} · ${side(b)}`,
    ` = ${value}: `,
    html("strong", {}, many(products, "product")),
    `, ${many(sums, "addition")}`,
  ];
}

define("learn-distributive", draw);
