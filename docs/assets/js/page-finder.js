// <page-finder>: on the page for addresses that do not exist, the pages whose address is nearest.
import { distance } from "./distance.js";

const ROOT = new URL("../../", import.meta.url);
const SHOWN = 3;

// Pages by how near their whole address, or its last part, is to the one that was asked for.
export function nearest(asked, pages) {
  const last = (path) => path.split("/").filter(Boolean).at(-1) ?? "";
  const away = ([path]) =>
    Math.min(distance(asked, path) / (path.length || 1), distance(last(asked), last(path)) / (last(path).length || 1) + 0.01);
  return pages
    .filter(([path]) => path)
    .map((page) => [away(page), page])
    .filter(([far]) => far < 0.6)
    .sort(([one], [other]) => one - other)
    .slice(0, SHOWN)
    .map(([, page]) => page);
}

class PageFinder extends HTMLElement {
  async connectedCallback() {
    if (this.childElementCount) return;
    const asked = decodeURIComponent(location.pathname.slice(ROOT.pathname.length)).toLowerCase().replace(/index\.html$/, "");
    const answer = await fetch(new URL("assets/pages.json", ROOT));
    if (!answer.ok) return;
    const near = nearest(asked, await answer.json());
    if (!near.length) return;
    const list = document.createElement("ul");
    for (const [path, title] of near) {
      const link = Object.assign(document.createElement("a"), { href: new URL(path, ROOT).href, textContent: title });
      list.append(Object.assign(document.createElement("li"), {}));
      list.lastChild.append(link);
    }
    const question = Object.assign(document.createElement("p"), { textContent: "Did you mean" });
    this.replaceChildren(question, list);
  }
}

if (!customElements.get("page-finder")) customElements.define("page-finder", PageFinder);
