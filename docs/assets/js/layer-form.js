// The form of a layer: fields with their own messages, labels and examples from the grammar.

import { html, unique } from "./dom.js";
import { GRAMMAR } from "./grammar.js";
import { biasOf, isYes, understood, USUAL } from "./read-layer.js";

const { fields: FIELDS } = GRAMMAR;
const isBox = (name) => FIELDS[name].kind === "yes";
const isList = (name) => FIELDS[name].kind === "bias"; // one of a few words
const CHOICES = ["middle", "multiplier", "rank"]; // of designs, not of the layer
const ALL = ["image", "in", "out", "kernel", "stride", "dilation", "padding", "groups", ...CHOICES, "bytes", "axes", "output_padding",
  "bias", "transposed"];

/** The fields of a layer alone. */
export const OF_LAYER = ALL.filter((name) => !CHOICES.includes(name));

const UNSAID = { middle: "C_in", multiplier: "1", rank: "C_in" }; // what is usual, or less where that is of no use
const LONGEST = 200; // characters of a field

/** What the fields mean: one that is empty is as usual. */
export const meant = (words) => Object.fromEntries(Object.keys(USUAL).map((name) => {
  const text = String(words[name] ?? "");
  return [name, text.trim() === "" ? USUAL[name] : text];
}));

const withoutOutputPadding = (words, name) => name === "output_padding" && !isYes(words.transposed ?? "");

/** The words of a list, that of the text chosen. */
const options = (text) => Object.keys(GRAMMAR.biases).map((word) =>
  html("option", { value: word, selected: word === (biasOf(text) ?? USUAL.bias) }, word));

/**
 * A slim form, its messages in one line below it: [form, line]. `words` are those of the address, `usual` what some
 * fields mean if they are empty, `errors` field to sentence, `summary` what the line says if there is none.
 */
export function slimForm({ names, words, usual, errors, summary }) {
  const id = (name) => `calculator-${name}`;
  const field = (name) => html("div", { class: isBox(name) ? "field check" : "field", hidden: withoutOutputPadding(words, name) },
    html("label", { for: id(name) }, FIELDS[name].what),
    html(isList(name) ? "select" : "input", {
      id: id(name), name, title: isBox(name) ? null : `${FIELDS[name].what}: ${FIELDS[name].example}`,
      ...(isList(name) ? {} : isBox(name) ? { type: "checkbox", value: "yes" } : { value: USUAL[name], placeholder: usual[name] ?? USUAL[name] }),
      "aria-describedby": `${id(name)}-error`, "aria-invalid": name in errors && "true",
      autocomplete: "off", ...(isList(name) ? {} : { autocapitalize: "off", spellcheck: "false" }),
    }, isList(name) && options(words[name] ?? USUAL[name])));
  const message = (name) => html("p", { class: "wrong", id: `${id(name)}-error`, hidden: !(name in errors) }, errors[name] ?? "");
  return [
    html("form", { class: "calc-form", "aria-label": "The layer" }, names.map(field)),
    html("div", { class: "messages" },
      html("p", { class: "layer", hidden: Object.keys(errors).length > 0 }, summary), names.map(message)),
  ];
}

/**
 * A form of some fields, each with its message below it. good({fields, layer, choices}) is called for every input that
 * makes sense; what does not is reported below its field, or below the first if the form has no such field. `fixed()` are
 * the words of fields that the page settles itself. Returns {element, check(), set(fields)}.
 */
export function layerForm({ names = ALL, fields, good, fixed = () => ({}), label = "The layer" }) {
  const values = { ...USUAL, ...fields };
  const parts = Object.fromEntries(names.map((name) => [name, part(name)]));
  const element = html("form", { class: "layer-form", "aria-label": label, novalidate: true, autocomplete: "off" },
    names.map((name) => parts[name].element));
  element.addEventListener("submit", (event) => event.preventDefault());

  function part(name) {
    const id = unique(`layer-${name}`), box = isBox(name), list = isList(name), { example, help, what } = FIELDS[name];
    const note = html("span", { class: "hint", id: `${id}-hint` }, box ? help : example === USUAL[name] ? "" : example);
    const message = html("span", { class: "error", id: `${id}-error`, role: "alert" });
    const typed = { type: "text", maxlength: LONGEST, spellcheck: "false", placeholder: USUAL[name] || UNSAID[name],
      inputmode: FIELDS[name].kind === "number" ? "numeric" : null };
    const input = html(list ? "select" : "input", {
      id, name, ...(list ? {} : box ? { type: "checkbox" } : typed),
      "aria-describedby": `${id}-hint ${id}-error`,
      oninput: () => {
        values[name] = box ? (input.checked ? "yes" : "") : input.value;
        check();
      },
    }, list && options(values[name]));
    const title = html("label", { for: id }, what);
    const show = () => {
      if (box) input.checked = isYes(values[name]);
      else input.value = list ? biasOf(values[name]) ?? USUAL[name] : values[name];
    };
    show();
    return { element: html("div", { class: box ? "field box" : "field" }, box ? [input, title] : [title, input], note, message), input, message, show };
  }

  function check() {
    const words = { ...meant(values), ...fixed() }, read = understood(words), { errors = {} } = read;
    const [elsewhere] = Object.keys(errors).filter((name) => !names.includes(name));
    for (const name of names) tell(parts[name], errors[name] ?? (name === names[0] ? errors[elsewhere] : undefined) ?? "");
    if (!read.errors) good({ ...read, fields: words });
    return read;
  }

  function tell({ input, message }, words) {
    if (message.textContent !== words) message.textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  return {
    element,
    check,
    set(next) {
      Object.assign(values, USUAL, next);
      for (const name of names) parts[name].show();
      return check();
    },
  };
}
