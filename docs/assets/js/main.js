// Loads the module of an interactive element when a page first shows one, also after instant navigation.
import { leaveFrame } from "./embed.js";
import "./menu.js";

const MODULES = {
  "at-work": "./at-work.js",
  "layer-calculator": "./calculator.js",
  "layer-lab": "./layer-lab.js",
  "block-budget": "./block-budget.js",
  "design-order": "./design-order.js",
  "your-layer": "./your-layer.js",
  "kernel-lab": "./kernel-lab.js",
  "line-lab": "./line-lab.js",
  "count-lab": "./count-lab.js",
  "copy-formula": "./copy-formula.js",
  "slide-picture": "./slide-picture.js",
  "page-finder": "./page-finder.js",
  "embed-code": "./embed-code.js",
  "save-picture": "./save-picture.js",
};

function load() {
  for (const [tag, path] of Object.entries(MODULES)) {
    if (document.querySelector(tag)) import(path);
  }
  // Figures of the course: <learn-NAME> lives in learn/NAME.js.
  for (const element of document.querySelectorAll("[data-figure]")) {
    import(`./learn/${element.dataset.figure}.js`);
  }
  unfold();
}

/** What an address leads to is unfolded: a pair of designs, the formula of a count, the part of a sentence. */
function unfold() {
  const target = document.querySelector(":target");
  if (!target) return;
  const hidden = target.matches("details *") && !target.closest("details").open;
  for (let folded = target.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  if (hidden) target.scrollIntoView();
}

leaveFrame();
addEventListener("hashchange", unfold);
if (window.document$) window.document$.subscribe(load); // Material announces every page, the first one included
else load();
