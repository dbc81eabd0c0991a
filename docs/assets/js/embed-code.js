// <embed-code>: the code with which another page shows this lab in its present state, folded.

import { html } from "./dom.js";
import { snippet } from "./embed.js";
import { copied } from "./line/take.js";

class EmbedCode extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const code = html("code"), said = html("span", { role: "status" });
    const written = () => (code.textContent = snippet(this.getAttribute("title")));
    const press = html("button", { type: "button", class: "plain", onclick: async () => (said.textContent = ` ${await copied(written())}`) }, "Copy");
    this.append(html("details", { class: "evidence", ontoggle: written },
      html("summary", {}, html("span", { class: "ran" }, "Put this into a page of yours")),
      html("p", {}, "As it stands now, without header, navigation and footer:"),
      html("pre", { tabindex: "0" }, code), html("p", {}, press, said)));
  }
}

if (!customElements.get("embed-code")) customElements.define("embed-code", EmbedCode);
