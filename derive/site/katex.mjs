// Reads [[tex, display], ...] as JSON, writes the HTML of each; a TeX error ends the program.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(import.meta.url)(process.argv[2]);
const formulas = JSON.parse(readFileSync(0, "utf8"));
const rendered = formulas.map(([tex, displayMode]) => {
  try {
    return katex.renderToString(tex, { displayMode, output: "htmlAndMathml", throwOnError: true, strict: "error" });
  } catch (error) {
    console.error(`${error.message} in ${tex}`);
    process.exit(1);
  }
});
process.stdout.write(JSON.stringify(rendered));
