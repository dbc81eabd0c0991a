// The reader's layer on a page that answers for it: the form of a layer, folded below a line that says the layer.

import { html } from "./dom.js";
import { layerForm, meant } from "./layer-form.js";
import { enter, recalled } from "./my-layer.js";
import { understood, USUAL } from "./read-layer.js";
import { layerWords } from "./text.js";

/**
 * The fold. `names` and `fixed` are those of the form; fields that it does not have stay as the reader entered them.
 * `worded({fields, layer})` are the words of the line. `good({fields, layer, choices})` is called for every layer that
 * the reader enters and that makes sense. Returns {element, read}: the last such layer, at first the one in the address
 * or entered before, else the usual one.
 */
export function layerFold({ names, fixed = () => ({}), worded = ({ layer }) => layerWords(layer), good }) {
  const kept = meant(recalled(location.search) ?? {});
  const [start, usual] = [kept, USUAL].map((words) => ({ ...words, ...fixed() }));
  const fields = understood(start).errors ? usual : start;
  const said = html("span");
  const fold = { read: { ...understood(fields), fields } };
  const tell = () => { said.textContent = worded(fold.read); };
  const form = layerForm({ names, fields, fixed, good: (read) => {
    fold.read = read;
    tell();
    enter({ ...kept, ...Object.fromEntries(names.map((name) => [name, read.fields[name]])) });
    good(read);
  } });
  tell();
  fold.element = html("details", { class: "layer-fold" }, html("summary", {}, html("b", {}, "The layer"), ": ", said), form.element);
  return fold;
}
