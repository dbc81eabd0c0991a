// Reads [[tex, display], ...] as JSON, line after line, and writes a line with the HTML of each; a TeX error ends the program.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { compact, lengths, rules } from "./compact.mjs";

const [script, sheet, ours] = process.argv.slice(2);
const katex = createRequire(import.meta.url)(script);
const styled = { ...rules(readFileSync(sheet, "utf8")), named: lengths(readFileSync(ours, "utf8")) };

function set([tex, displayMode]) {
  try {
    const tree = katex.__renderToDomTree(tex, { displayMode, output: "htmlAndMathml", throwOnError: true, strict: "error" });
    return compact(tree, styled);
  } catch (error) {
    console.error(`${error.message} in ${tex}`);
    process.exit(1);
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(JSON.parse(line).map(set)));
