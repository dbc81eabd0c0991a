// Reads [[tex, display], ...] as JSON, writes the HTML of each; a TeX error ends the program.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compact, lengths, rules } from "./compact.mjs";

const [script, sheet, ours] = process.argv.slice(2);
const katex = createRequire(import.meta.url)(script);
const styled = { ...rules(readFileSync(sheet, "utf8")), named: lengths(readFileSync(ours, "utf8")) };
const formulas = JSON.parse(readFileSync(0, "utf8"));
const rendered = formulas.map(([tex, displayMode]) => {
  try {
    const tree = katex.__renderToDomTree(tex, { displayMode, output: "htmlAndMathml", throwOnError: true, strict: "error" });
    return compact(tree, styled);
  } catch (error) {
    console.error(`${error.message} in ${tex}`);
    process.exit(1);
  }
});
process.stdout.write(JSON.stringify(rendered));
