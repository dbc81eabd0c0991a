// <copy-formula data-label data-tex data-sympy data-name data-of data-form data-guard data-einsum data-code>:
// buttons that copy a formula, or the listings that stand in the tabs that data-code names. The last line of
// the SymPy code is "name = expression".
const KINDS = [
  ["TeX", (data) => data.tex],
  ["SymPy", (data) => data.sympy],
  ["JSON", json],
  ["einsum", (data) => data.einsum],
];
const SHOWN = 2500; // milliseconds for which "copied" stays

function json(data) {
  if (!data.sympy) return undefined;
  const { of, name, form, tex, guard } = data;
  const sympy = data.sympy.split("\n").at(-1).slice(`${name} = `.length);
  return JSON.stringify({ of, name, form, sympy, latex: tex, guard }, null, 2);
}

/** The listing in the tab of a name. */
function listing(name) {
  const tab = [...document.querySelectorAll(".tabbed-labels > label")].find((label) => label.textContent === name);
  const place = [...tab.parentElement.children].indexOf(tab);
  return tab.closest(".tabbed-set").querySelectorAll(".tabbed-block")[place].querySelector("code").textContent;
}

async function copied(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed here: the older way below may be
    }
  }
  const area = Object.assign(document.createElement("textarea"), { value: text });
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
  }
}

class CopyFormula extends HTMLElement {
  connectedCallback() {
    if (this.childElementCount) return;
    const { code } = this.dataset;
    const listings = code ? code.split(", ").map((name) => [name, listing(name)]) : [];
    const kinds = [...KINDS.map(([kind, text]) => [kind, text(this.dataset)]), ...listings].filter(([, text]) => text);
    this.status = Object.assign(document.createElement("span"), { className: "copied" });
    this.status.setAttribute("aria-live", "polite");
    this.append(...kinds.map(([kind, text]) => this.button(kind, text)), this.status);
  }

  button(kind, text) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: kind });
    button.title = `Copy as ${kind}`;
    button.setAttribute("aria-label", `Copy ${kind}: ${this.dataset.label}`);
    button.addEventListener("click", async () => {
      const focused = document.activeElement;
      this.say((await copied(text)) ? `${kind} copied` : "the browser does not allow copying here");
      focused?.focus({ preventScroll: true });
    });
    return button;
  }

  say(words) {
    clearTimeout(this.timer);
    this.status.textContent = words;
    this.timer = setTimeout(() => (this.status.textContent = ""), SHOWN);
  }
}

if (!customElements.get("copy-formula")) customElements.define("copy-formula", CopyFormula);
