// A matrix drawn by sign and size, as derive/site/heat.py draws it: fractions are { n, d }, others floats.
import { scientific, sign, text, toFloat } from "../exact.js";

const isFloat = (x) => typeof x === "number";
const float = (x) => (isFloat(x) ? x : toFloat(x));
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const WIDE = 6; // digits that a cell has room for

// As short as a small cell needs it: an integer as it is, others to three places, and a fraction that three places would
// show as 0 to a figure.
export function number(entry) {
  const value = float(entry);
  if (!isFloat(entry) && entry.d === 1n && text(entry).length <= WIDE) return dressed(text(entry));
  const size = Math.abs(value);
  if (!isFloat(entry) && size < 1 / 2000) return tiny(scientific(entry));
  if (size >= 10 ** WIDE) return dressed(value.toExponential(1).replace("+", ""));
  const shown = rounded(size, size < 1 / 2000 ? 1 : size < 0.1 ? 3 : 2);
  const short = (isFloat(entry) ? String(Number(shown)) : shown).replace(/^0\./, ".");
  return value < 0 && short !== "0" ? `−${short}` : short;
}

function tiny({ mantissa, exponent }) {
  const figure = Math.round(Math.abs(mantissa)), carried = figure === 10;
  return dressed(`${mantissa < 0 ? "-" : ""}${carried ? 1 : figure}e${carried ? exponent + 1 : exponent}`);
}

// As Python rounds: what lies exactly between two goes to the even one.
function rounded(size, places) {
  const long = size.toFixed(places + 30);
  const [kept, rest] = [long.slice(0, -30), long.slice(-30)];
  return /^50*$/.test(rest) && /[02468]$/.test(kept) ? kept : size.toFixed(places);
}

export const dressed = (plain) => plain.replaceAll("-", "−");

// Some significant figures, powers of ten written out.
export function figures(value, count = 6) {
  if (isFloat(value)) return powered(...parts(value, count));
  const { mantissa, exponent } = scientific(value);
  return Math.abs(exponent) > 300 ? powered(Number(mantissa.toPrecision(count)), exponent) : figures(toFloat(value), count);
}

function parts(value, count) {
  const [mantissa, exponent] = value.toExponential(count - 1).split("e").map(Number);
  return exponent >= -5 && exponent < count ? [Number(value.toPrecision(count)), 0] : [mantissa, exponent];
}

function powered(mantissa, exponent) {
  const raised = `${exponent}`.replace(/\d/g, (digit) => RAISED[digit]).replace("-", "⁻");
  return dressed(exponent ? `${mantissa} × 10${raised}` : `${mantissa}`);
}

const LONG = 14; // characters

// Exact where that is short, else to six figures.
export function brief(value) {
  const whole = text(value);
  return whole.length <= LONG ? dressed(whole) : `≈ ${figures(value)}`;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The class and the strength of the tint of every entry.
export function tint(rows) {
  const largest = Math.max(...rows.flat().map((x) => Math.abs(float(x)))) || 1;
  return rows.map((row) =>
    row.map((x) => {
      const kind = ["minus", "zero", "plus"][1 + (isFloat(x) ? Math.sign(x) : sign(x))];
      return { kind, size: Math.round((100 * Math.abs(float(x))) / largest) };
    }),
  );
}

export function heat(name, rows, edges = null) {
  const fine = rows.flat().some((x) => (isFloat(x) ? x % 1 : x.d > 1n));
  const table = make("table", { class: fine ? "heat fine" : "heat" }, make("caption", {}, name));
  if (edges) {
    const heads = edges.row.map((x) => make("th", { scope: "col" }, number(x)));
    table.append(make("thead", {}, make("tr", {}, make("td", { class: "corner" }, "·"), ...heads)));
  }
  const tints = tint(rows);
  const body = rows.map((row, y) => {
    const cells = row.map((x, z) => {
      const { kind, size } = tints[y][z];
      const cell = make("td", { class: kind }, number(x));
      if (kind !== "zero") cell.style.setProperty("--size", `${size}%`);
      return cell;
    });
    return make("tr", {}, ...(edges ? [make("th", { scope: "row" }, number(edges.column[y]))] : []), ...cells);
  });
  table.append(make("tbody", {}, ...body));
  return table;
}
