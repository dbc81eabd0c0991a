// The first state of the calculators, as their own scripts draw it; run in node when the site is built.

import { calculator, OPENING } from "./calculator-view.js";
import { compare } from "./engine.js";
import { counts, section } from "./lab/counts.js";
import { layerForm } from "./layer-form.js";
import { understood, USUAL } from "./read-layer.js";

/** The elements inside <layer-calculator> and <layer-lab> when nothing was typed. */
export function firstStates({ known }) {
  const { layer, choices } = understood(USUAL), result = compare(layer, choices);
  const opening = { words: USUAL, good: USUAL, errors: {}, result, choices, measure: OPENING, known };
  const form = layerForm({ fields: USUAL, good: () => {} }).element;
  return {
    calculator: calculator(opening),
    lab: [form, section("counts", "Every count", counts(result, { sort: "", open: [] }, () => {}))],
  };
}
