// Kernels in text, by the grammar of the command line: every number is read exactly, nothing is evaluated.
import { fraction, text } from "../exact.js";

export const MOST = 15; // rows and columns
const LONGEST = 80; // characters of a number
const EXPONENT = 60;
const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;
const RATIO = /^([+-]?\d+) ?\/ ?(\d+)$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

export class BadInput extends Error {}

const bad = (message) => {
  throw new BadInput(message);
};
const short = (word) => (word.length <= 40 ? word : `${word.slice(0, 37)}...`);

// An integer, a decimal, with or without exponent, or a fraction of integers.
export function exact(word) {
  const plain = word.trim().replaceAll("−", "-");
  if (!plain) bad("nothing is written here: write 2, -0.5, 1e-3 or 1/3");
  if (plain.length > LONGEST) bad(`a number of ${plain.length} characters, at most ${LONGEST} are read here`);
  const ratio = RATIO.exec(plain);
  if (ratio) {
    if (!BigInt(ratio[2])) bad(`${short(plain)} divides by 0`);
    return fraction(BigInt(ratio[1].replace("+", "")), BigInt(ratio[2]));
  }
  const decimal = DECIMAL.exec(plain);
  if (decimal) return ofDecimal(decimal);
  if (NOT_FINITE.test(plain)) bad(`${plain} is not a finite number`);
  return bad(`'${short(plain)}' is no number: write 2, -0.5, 1e-3 or 1/3`);
}

function ofDecimal([, minus, digits, exponent = "0"]) {
  const [before, after = ""] = digits.split(".");
  const power = Number(exponent) - after.length;
  if (Math.abs(Number(exponent)) > EXPONENT) bad(`the exponent ${short(exponent)} is beyond ±${EXPONENT}`);
  const number = BigInt(before + after) * (minus === "-" ? -1n : 1n);
  return power < 0 ? fraction(number, 10n ** BigInt(-power)) : fraction(number * 10n ** BigInt(power));
}

// Rows separated by semicolons, entries by commas or spaces; or nested lists. The words are kept as written.
export function readKernel(written) {
  let inner = written.trim();
  const words = inner.startsWith("[") && !inner.includes(";") ? lists(inner) : lines(inner);
  checkSides(words);
  const rows = words.map((row, y) => row.map((word, x) => placed(`row ${y + 1}, entry ${x + 1}`, word)));
  return { rows, words: words.map((row) => row.map((word) => word.trim())) };
}

function placed(where, word) {
  try {
    return exact(word);
  } catch (error) {
    if (error instanceof BadInput) bad(`${where}: ${error.message}`);
    throw error;
  }
}

function lines(inner) {
  if (inner.startsWith("[") && inner.endsWith("]")) inner = inner.slice(1, -1); // as in MATLAB
  inner = inner.trim();
  if (!inner) bad("nothing is written here: write rows such as 1 2 1; 2 4 2; 1 2 1");
  if (inner.endsWith(";")) inner = inner.slice(0, -1);
  return inner.split(";").map((line, y) => {
    const row = line.trim();
    if (!row) bad(`row ${y + 1} is empty: leave out one of the semicolons`);
    return row.includes(",") ? row.split(",") : row.split(/\s+/);
  });
}

function lists(inner) {
  let nested;
  try {
    nested = JSON.parse(inner.replace(/["']/g, "").replace(/[^\][,\s]+/g, (word) => JSON.stringify(word)));
  } catch {
    bad("the brackets or commas do not match: write [[1, 2], [3, 4]] or 1 2; 3 4");
  }
  const flat = (row) => Array.isArray(row) && row.length && row.every((word) => typeof word === "string");
  if (!nested.length || !nested.every(flat)) bad("a kernel of one channel is a list of rows: write [[1, 2], [3, 4]]");
  return nested;
}

function checkSides(words) {
  words.forEach((row, y) => {
    if (row.length !== words[0].length) {
      bad(`row ${y + 1} has ${row.length} entries, row 1 has ${words[0].length}: all rows must be equally long`);
    }
  });
  const [height, width] = [words.length, words[0].length];
  if (Math.max(height, width) > MOST) {
    bad(`${height} × ${width} taps: at most ${MOST} × ${MOST} are read here, the command line reads more`);
  }
}

export function wholeNumber(word, least, most, what) {
  const plain = word.trim();
  const value = /^[+-]?\d{1,9}$/.test(plain) ? Number(plain) : NaN;
  if (!(value >= least && value <= most)) {
    const given = plain ? `'${short(plain)}'` : "nothing";
    bad(`${what} is ${given}: write a whole number from ${least} to ${most}`);
  }
  return value;
}

export const written = (rows, between = " ") => rows.map((row) => row.join(between)).join(`;${between === " " ? " " : ""}`);
export const spelled = (rows) => rows.map((row) => row.map(text));
