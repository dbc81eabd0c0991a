// <slide-picture>: next to the SVG of a family's slide a button that saves it as PNG, drawn by the browser.

import { html } from "./dom.js";

const [WIDTH, HEIGHT] = [1600, 900];

class SlidePicture extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    this.status = html("span", { role: "status" });
    this.append(" · ", html("button", { type: "button", class: "plain", onclick: () => this.save() }, "PNG"), this.status);
  }

  /** The slide as PNG, 1600 × 900. */
  async save() {
    this.status.textContent = "";
    try {
      const picture = new Image(WIDTH, HEIGHT);
      picture.src = this.querySelector("a").href;
      await picture.decode();
      const canvas = html("canvas", { width: WIDTH, height: HEIGHT });
      canvas.getContext("2d").drawImage(picture, 0, 0, WIDTH, HEIGHT);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
      const link = html("a", { href: URL.createObjectURL(blob), download: `${this.dataset.name}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } catch {
      this.status.textContent = " The picture could not be drawn; the SVG can be saved.";
    }
  }
}

if (!customElements.get("slide-picture")) customElements.define("slide-picture", SlidePicture);
