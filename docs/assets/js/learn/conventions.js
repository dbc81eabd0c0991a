// One layer under every convention: the number, who reports it, and the ratio to the standard layer.
import { choice, controls, define, html, live, number } from "./widgets.js";

class Conventions {
  constructor({ conventions, families }) {
    Object.assign(this, { conventions, families });
    this.key = "plain";
    this.family = 0;
    this.list = html("ul", { class: "conventions" });
    this.said = live();
    this.element = html(
      "div",
      {},
      controls(
        choice({ label: "Layer", options: families.map(({ label }, n) => [n, label]), value: 0, onChange: (n) => this.set({ family: n }) }),
        choice({ label: "Bias", options: [["plain", "no"], ["biased", "yes"]], value: "plain", onChange: (key) => this.set({ key }) }),
      ),
      this.list,
      this.said.element,
    );
    this.set({});
  }

  set(change) {
    Object.assign(this, change);
    const [numbers, whole] = [this.families[this.family], this.families[0]].map((one) => one[this.key]);
    const largest = Math.max(...this.families.flatMap((one) => one[this.key]));
    const ratios = numbers.map((value, n) => whole[n] / value);
    this.list.replaceChildren(
      ...this.conventions.map(({ formula, words, tools }, n) =>
        html(
          "li",
          {},
          html("span", { class: "formula-name" }, formula),
          html("span", { class: "count" }, number(numbers[n])),
          html("span", { class: "ratio" }, this.family ? `${ratios[n].toFixed(2)}×` : ""),
          html("span", { class: "bar", "--share": `${(100 * numbers[n]) / largest}%` }),
          html("span", { class: "tools" }, `${tools.join(", ")}: ${words}`),
        ),
      ),
    );
    const different = new Set(numbers).size;
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    this.said.say(
      html("strong", {}, `${different} different numbers for one layer.`),
      this.family ? ` It is ${least} to ${most} times cheaper than the standard layer, depending on which tool you ask.` : "",
    );
  }
}

define("learn-conventions", (facts) => new Conventions(facts).element);
