// The form of a layer: fields with their own messages, and the address that holds them.

import { PRESET, readChoices, readLayer } from "./engine.js";
import { html, unique } from "./learn/kit.js";

/** Every field: its words, an example of what it takes, and how wide it is. */
const FIELDS = {
  image: { label: "image", hint: "height × width", example: "128x128" },
  in: { label: "channels in", example: "3", numeric: true },
  out: { label: "channels out", example: "8", numeric: true },
  kernel: { label: "kernel", hint: "3 or 3x5", example: "3" },
  stride: { label: "stride", hint: "2 or 2x1", example: "1" },
  dilation: { label: "dilation", hint: "2 or 2x1", example: "1" },
  padding: { label: "padding", hint: "same, valid, 1, 0:1x2:3", example: "same" },
  groups: { label: "groups", example: "1", numeric: true },
  middle: { label: "width m", hint: "3, 8 compares both", example: "C_in" },
  multiplier: { label: "multiplier M", hint: "1, 2 compares both", example: "1" },
  rank: { label: "rank", hint: "of P, Q, R and T", example: "C_in" },
  bytes: { label: "bytes per number", hint: "4 is float32", example: "4", numeric: true },
  bias: { label: "every stage has a bias", box: true },
};

/** What the fields say when nothing has been typed. */
export const DEFAULTS = Object.freeze({ ...PRESET, bytes: "4" });

/** The fields that an address holds; others are as usual. */
export function fieldsOf(search) {
  const given = new URLSearchParams(search);
  const named = Object.keys(DEFAULTS).filter((name) => given.has(name));
  return { ...DEFAULTS, ...Object.fromEntries(named.map((name) => [name, given.get(name).slice(0, 200)])) };
}

/** The pairs of an address for fields that are not as usual. */
export function pairsOf(fields) {
  return Object.keys(DEFAULTS)
    .map((name) => [name, normal(name, fields[name])])
    .filter(([name, text]) => text !== DEFAULTS[name] && (text !== "" || name === "bias"));
}

/** An address's query from pairs, commas and colons left readable; "" for none. */
export function queryOf(pairs) {
  const text = new URLSearchParams(pairs).toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  return text && `?${text}`;
}

const LISTS = ["middle", "multiplier", "rank"];

function normal(name, text) {
  const word = String(text ?? "").trim();
  return LISTS.includes(name) ? word.split(/[\s,;]+/).filter(Boolean).join(",") : word;
}

/** {layer, choices} that fields describe, or {errors}, field to sentence. */
export function understood(fields) {
  const [layer, choices] = [readLayer(fields), readChoices(fields)];
  const errors = { ...layer.errors, ...choices.errors };
  return Object.keys(errors).length ? { errors } : { ...layer, ...choices };
}

/**
 * A form of some fields. good({fields, layer, choices}) is called for every input that makes sense; what
 * does not gets a message below its field, and nothing is called. Returns {element, set(fields)}.
 */
export function layerForm({ names = Object.keys(FIELDS), fields, good, label = "The layer" }) {
  const values = { ...DEFAULTS, ...fields };
  const parts = Object.fromEntries(names.map((name) => [name, part(name)]));
  const element = html("form", { class: "layer-form", "aria-label": label, novalidate: true, autocomplete: "off" },
    names.map((name) => parts[name].element));
  element.addEventListener("submit", (event) => event.preventDefault());

  function part(name) {
    const id = unique(`layer-${name}`);
    const { box, numeric, example, hint, label: words } = FIELDS[name];
    const note = html("span", { class: "hint", id: `${id}-hint` }, hint ?? "");
    const message = html("span", { class: "error", id: `${id}-error`, role: "alert" });
    const input = html("input", {
      id, name, type: box ? "checkbox" : "text", maxlength: box ? null : 200, spellcheck: "false",
      inputmode: numeric ? "numeric" : null, placeholder: box ? null : example, "aria-describedby": `${id}-hint ${id}-error`,
      oninput: () => {
        values[name] = box ? (input.checked ? "1" : "") : input.value;
        check();
      },
    });
    const title = html("label", { for: id }, words);
    const show = () => {
      if (box) input.checked = ["1", "true", "on", "yes"].includes(String(values[name]).toLowerCase());
      else input.value = values[name];
    };
    show();
    return { element: html("div", { class: box ? "field box" : "field" }, box ? [input, title] : [title, input], note, message), input, message, show };
  }

  function check() {
    const meant = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, String(text).trim() === "" ? DEFAULTS[name] : text]));
    const read = understood(meant);
    for (const name of names) tell(parts[name], read.errors?.[name] ?? "");
    if (!read.errors) good({ ...read, fields: meant });
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
      Object.assign(values, DEFAULTS, next);
      for (const name of names) parts[name].show();
      return check();
    },
  };
}
