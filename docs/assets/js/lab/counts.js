// The first part of the lab: the form's layer in words, the table of all counts, and the families that are left out.

import { html } from "../dom.js";
import { layerWords } from "../text.js";
import { table } from "./table.js";

/** A part of the lab under its heading; what it says holds for the last input that was accepted. */
export const section = (id, title, ...children) =>
  html("section", { "aria-labelledby": id, "data-answer": true }, html("h2", { id }, title), children);

/** What stands under "Every count": the table in its frame, and a line. */
export function counts(result, state, change) {
  const words = `${layerWords(result.layer)}; output ${result.layer.output.join("×")}`;
  const left = result.omitted.map(({ name, reason }) => `${name} (${reason})`);
  return [
    table(result, words, state, change),
    html("p", { class: "omitted" }, left.length ? `Left out: ${left.join("; ")}.` : ""),
  ];
}
