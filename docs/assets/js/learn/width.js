// What a width costs: weights of the pair against the standard kernel.
import { bars, choice, controls, define, html, lettered, live, number, slider } from "./widgets.js";

function draw(layers) {
  const at = { layer: 0, place: 2 };
  const chart = html("div");
  const said = live();
  const width = slider({ label: "Width m", min: 0, max: layers[0].widths.length - 1, value: at.place, say: (place) => `${layers[at.layer].widths[place].m}`, onInput: (place) => show({ place }) });

  function show(change) {
    Object.assign(at, change);
    const layer = layers[at.layer];
    width.limit(layer.widths.length - 1);
    at.place = width.value;
    const { m, weights, exact } = layer.widths[at.place];
    const most = Math.max(layer.standard, layer.widths.at(-1).weights);
    chart.replaceChildren(bars([
      { name: "Standard", value: layer.standard, words: `${number(layer.standard)} weights` },
      { name: `Asymmetric, m = ${m}`, value: weights, kind: "chosen", words: `${number(weights)} weights` },
    ], most));
    const saves = m <= layer.break_even;
    said.say(
      html("strong", {}, weights === layer.standard ? "A tie" : saves ? "Cheaper" : "More expensive"),
      `: it saves up to m = ${layer.break_even}. Represents `,
      exact === "every kernel" ? "every kernel" : ["the kernels with ", lettered(exact)],
      ".",
    );
  }
  const element = html(
    "div",
    {},
    controls(choice({ label: "Layer", options: layers.map(({ layer }, n) => [n, layer]), value: 0, onChange: (layer) => show({ layer }) }), width),
    chart,
    said.element,
  );
  show({});
  return element;
}

define("learn-width", draw);
