// <save-picture data-name data-from>: buttons that save the pictures at a place as files, each as it looks now.
import { html } from "./dom.js";
import { carried } from "./line/take.js";

const LOOKS = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "visibility"],
  ...["font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline"],
];
const SCALE = 3; // pixels of the file for one of the picture

/** A picture with its looks written into it, on the colour of the page, and its size. */
function standing(picture) {
  const copy = picture.cloneNode(true), { x, y, width, height } = picture.viewBox.baseVal;
  const copies = [copy, ...copy.querySelectorAll("*")];
  [picture, ...picture.querySelectorAll("*")].forEach((one, n) => {
    const look = getComputedStyle(one);
    copies[n].setAttribute("style", LOOKS.map((name) => `${name}:${look.getPropertyValue(name)}`).join(";"));
    for (const name of ["class", "tabindex"]) copies[n].removeAttribute(name);
  });
  const ground = document.createElementNS(copy.namespaceURI, "rect");
  const look = { x, y, width, height, fill: getComputedStyle(document.body).backgroundColor };
  for (const [name, value] of Object.entries(look)) ground.setAttribute(name, value);
  copy.prepend(ground);
  for (const [name, value] of Object.entries({ width, height })) copy.setAttribute(name, value);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

async function pixels({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = html("canvas", { width: SCALE * width, height: SCALE * height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const FORMS = {
  SVG: async (picture, name) => carried(picture.text, `${name}.svg`, "image/svg+xml"),
  PNG: async (picture, name) => carried(await pixels(picture), `${name}.png`, "image/png"),
};

class SavePicture extends HTMLElement {
  connectedCallback() {
    if (this.childElementCount) return;
    this.status = html("span", { class: "copied", "aria-live": "polite" });
    this.append("Save the picture: ", ...Object.keys(FORMS).map((form) => this.button(form)), this.status);
  }

  button(form) {
    const save = () => this.save(FORMS[form]);
    return html("button", { type: "button", "aria-label": `Save the picture as ${form}`, onclick: save }, form);
  }

  async save(form) {
    const { name, from } = this.dataset, found = [...document.querySelectorAll(from)];
    for (const [n, picture] of found.entries()) {
      this.status.textContent = await form(standing(picture), found.length > 1 ? `${name}-${n + 1}` : name);
    }
  }
}

if (!customElements.get("save-picture")) customElements.define("save-picture", SavePicture);
