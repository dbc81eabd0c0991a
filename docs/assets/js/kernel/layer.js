// The columns and rows of a kernel as a pair of layers on the reader's image: the pipeline, what it costs, break-even.

import { html } from "../dom.js";
import { coming, compare } from "../engine.js";
import { meant } from "../layer-form.js";
import { pairsOf, queryOf } from "../my-layer.js";
import { thousands } from "../numbers.js";
import { steps } from "../pipeline.js";
import { understood, USUAL } from "../read-layer.js";
import { comparison, layerWords, saving } from "../text.js";

const ROOT = new URL("../../../", import.meta.url);

/**
 * What is shown for a kernel of some sides as a pair of some width, on a layer of one channel; on the usual one, with the
 * reason, if the kernel does not fit that.
 */
export async function onLayer(sides, width, fields) {
  const own = { kernel: sides.join("x"), middle: String(width), multiplier: "", rank: "" };
  const wanted = meant({ ...fields, ...own }), { errors } = understood(wanted);
  const words = errors ? { ...USUAL, in: "1", out: "1", ...own } : wanted, { layer, choices } = understood(words);
  await coming(layer);
  const [row] = compare(layer, choices, "asymmetric").families;
  const saves = saving(row.break_even), query = queryOf(pairsOf(words));
  const link = (path, text) => html("a", { href: new URL(path, ROOT).href }, text);
  return [
    ...Object.values(errors ?? {}).slice(0, 1).map((reason) => html("p", { class: "misfit" }, `On your layer there are no numbers: ${reason}. Here it is on the usual one.`)),
    html("p", {}, `${layerWords(layer)}; output ${layer.output.join(" × ")}.`),
    html("ol", { class: "calc-flow" }, steps(row)),
    html("p", {}, html("b", {}, `${thousands(row.parameters)} weights, ${thousands(row.macs)} MACs`), `: ${comparison(row.ratio.macs)}.`,
      saves && ` Fewer MACs than standard while ${saves}.`),
    html("p", {}, "On one channel such a pair represents exactly the kernels of rank ", html("i", {}, "m"), " or less (",
      link("theorems/named-kernels/", "T16"), "). ", link("families/asymmetric/#represents", "What it contains and is contained in"),
      " at any number of channels; ", link(`lab/layer/${query}`, "every family on this layer"), "."),
  ];
}
