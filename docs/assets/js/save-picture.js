// <save-picture> in a figure: buttons that save its SVG as it is seen, as a file of SVG or PNG.

import { html } from "./dom.js";
import { carried } from "./line/take.js";

const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order", "opacity",
  "color", "display", "visibility", "font-family", "font-size", "font-weight", "font-style", "font-variant-numeric", "letter-spacing", "text-anchor", "dominant-baseline"];
const SHARP = 3; // pixels of a PNG for each pixel of the picture
const MARGIN = 8;
const SVG = "http://www.w3.org/2000/svg";

/** The text of a file that shows an SVG of this page as it looks here, on the ground it stands on. */
export function standalone(drawn) {
  const copy = drawn.cloneNode(true), { x, y, width, height } = drawn.viewBox.baseVal;
  const pairs = [[drawn, copy], ...[...drawn.querySelectorAll("*")].map((node, n) => [node, copy.querySelectorAll("*")[n]])];
  for (const [node, twin] of pairs) dressed(twin, getComputedStyle(node));
  for (const focusable of copy.querySelectorAll("a, [tabindex]")) focusable.removeAttribute("tabindex");
  copy.removeAttribute("aria-describedby"); // which stays on the page
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("viewBox", [x - MARGIN, y - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN].join(" "));
  copy.setAttribute("width", width + 2 * MARGIN);
  copy.setAttribute("height", height + 2 * MARGIN);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: x - MARGIN, y: y - MARGIN, width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor })) ground.setAttribute(name, value);
  const first = [...copy.children].find(({ tagName }) => !["title", "desc"].includes(tagName));
  copy.insertBefore(ground, first ?? null);
  return new XMLSerializer().serializeToString(copy);
}

/** What the style sheets of the page say of an element, as attributes of its own. */
function dressed(twin, style) {
  for (const name of ["class", "style"]) twin.removeAttribute(name);
  for (const name of LOOK) {
    const value = style.getPropertyValue(name);
    if (value) twin.style.setProperty(name, value);
  }
}

/** The picture as a PNG. */
export async function png(drawn) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([standalone(drawn)], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const canvas = html("canvas", { width: SHARP * image.width, height: SHARP * image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Buttons that save what `found()` returns, an SVG, under a name. */
export function saving(found, name, title) {
  const said = html("span", { class: "heard", "aria-live": "polite" });
  const save = async (form, text, type) => { said.textContent = carried(await text(found()), `${name}.${form}`, type); };
  const press = (form, text, type) => html("button", { type: "button", "aria-label": `Save as ${form.toUpperCase()}: ${title}`, onclick: () => save(form, text, type) }, form.toUpperCase());
  return html("span", { class: "save" }, html("span", { "aria-hidden": "true" }, "Save as "), press("svg", standalone, "image/svg+xml"), press("png", png, "image/png"), said);
}

/** What a picture is called. */
function nameOf(figure) {
  const drawn = figure.querySelector("svg");
  return drawn.querySelector("title")?.textContent || drawn.getAttribute("aria-label") || figure.querySelector("figcaption")?.textContent || figure.dataset.picture;
}

class SavePicture extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const figure = this.closest("[data-picture]"), found = () => figure.querySelector("svg");
    if (!found()) return;
    this.append(saving(found, figure.dataset.picture, nameOf(figure)));
  }
}

if (!customElements.get("save-picture")) customElements.define("save-picture", SavePicture);
