// What a depthwise separable layer costs: one over the outputs, plus one over the taps.
import { choice, controls, define, html, letter, live, slider } from "./widgets.js";

function draw({ sides, outputs, shares }) {
  const at = { side: 3, outputs: 64 };
  const [space, mix] = [html("span", { class: "part space" }), html("span", { class: "part mixing" })];
  const bar = html("div", { class: "stack", role: "img" }, space, mix);
  const said = live();

  const show = (change) => {
    Object.assign(at, change);
    const found = shares.find((one) => one.side === at.side && one.outputs === at.outputs);
    const [first, second] = found.parts;
    const most = Math.max(100, found.all);
    space.style.setProperty("--share", `${(100 * found.percent[0]) / most}%`);
    mix.style.setProperty("--share", `${(100 * found.percent[1]) / most}%`);
    bar.style.setProperty("--whole", `${10000 / most}%`);
    bar.setAttribute("aria-label", `${found.all.toFixed(1)} % of the standard convolution`);
    said.say(
      "Filters ", html("strong", { class: "key space" }, first), " + mix ", html("strong", { class: "key mixing" }, second), ` = ${found.total} of standard, ${found.all.toFixed(1)} %: `,
      found.all < 100 ? `${found.times} times cheaper.` : found.all > 100 ? "more expensive." : "a tie.",
    );
  };
  const element = html(
    "div",
    {},
    controls(
      slider({ label: ["Output channels ", letter("o")], name: "Output channels", min: 0, max: outputs.length - 1, value: outputs.indexOf(at.outputs), say: (place) => `${outputs[place]}`, onInput: (place) => show({ outputs: outputs[place] }) }),
      choice({ label: "Kernel", options: sides.map((side) => [side, `${side} × ${side}`]), value: at.side, onChange: (side) => show({ side }) }),
    ),
    html("p", { class: "note" }, "The dashed frame is the standard convolution."),
    bar,
    said.element,
  );
  show({});
  return element;
}

define("learn-shares", draw);
