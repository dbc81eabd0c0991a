// The columns and rows of a kernel as a pair of layers on the reader's image: the pipeline, what it costs, break-even.

import { html } from "../dom.js";
import { coming, compare } from "../engine.js";
import { meant } from "../layer-form.js";
import { pairsOf, queryOf, recalled } from "../my-layer.js";
import { thousands } from "../numbers.js";
import { steps } from "../pipeline.js";
import { understood, USUAL } from "../read-layer.js";
import { comparison, layerWords, saving } from "../text.js";

const ROOT = new URL("../../../", import.meta.url);
const SPATIAL = ["image", "stride", "dilation", "padding"]; // of the reader's layer; a kernel has one channel

/** The words of a layer of one channel with a kernel of these sides; the usual image where theirs does not fit. */
function wordsOf(sides, width) {
  const own = { in: "1", out: "1", kernel: sides.join("x"), middle: String(width) };
  const given = recalled(location.search) ?? {};
  const spatial = Object.fromEntries(SPATIAL.filter((name) => name in given).map((name) => [name, given[name]]));
  const words = meant({ ...spatial, ...own }), { errors, layer } = understood(words);
  return errors || layer.image.length !== 2 ? { ...USUAL, ...own } : words;
}

/** What is shown for a kernel of some sides as a pair of some width. */
export async function onLayer(sides, width) {
  const words = wordsOf(sides, width), { layer, choices } = understood(words);
  await coming(layer);
  const row = compare(layer, choices).families.find(({ name }) => name === "asymmetric");
  const saves = saving(row.break_even), query = queryOf(pairsOf(words));
  const link = (path, text) => html("a", { href: new URL(path, ROOT).href }, text);
  return [
    html("p", {}, `${layerWords(layer)}; output ${layer.output.join(" × ")}.`),
    html("ol", { class: "calc-flow" }, steps(row)),
    html("p", {}, html("b", {}, `${thousands(row.parameters)} weights, ${thousands(row.macs)} MACs`), `: ${comparison(row.ratio.macs)}.`,
      saves && ` Fewer MACs than standard while ${saves}.`),
    html("p", {}, "On one channel such a pair represents exactly the kernels of rank ", html("i", {}, "m"), " or less (",
      link("theorems/named-kernels/", "T16"), "). ", link("families/asymmetric/#represents", "What it contains and is contained in"),
      " at any number of channels; ", link(`lab/layer/${query}`, "every family on this layer"), "."),
  ];
}
