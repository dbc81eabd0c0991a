// What a page answers holds for the last input that was accepted: while a field is refused, or has been edited since,
// its answers are out of date.

import { html } from "./dom.js";

const REFUSED = '[aria-invalid="true"], [data-edited]';
const OUTDATED = "Out of date: these results are for the last accepted input.";
const AGAIN = "Up to date again.";

const watched = new WeakSet();

/** The line that says so, empty as long as the answers hold. */
export const outdated = () => html("p", { class: "outdated", role: "status" });

/**
 * While a field inside an element is refused or has data-edited, a line at the lower edge of the window says that the answers are out of
 * date, and every part with data-answer is inert: dimmed (assets/separable.css), skipped by screen readers, and without
 * working buttons and links.
 */
export function watchAnswers(root) {
  if (watched.has(root)) return;
  watched.add(root);
  const note = root.querySelector(".outdated") ?? outdated();
  if (!note.isConnected) [...root.querySelectorAll("[data-answer]")].at(-1).after(note);
  const update = () => {
    const refused = root.querySelector(REFUSED) !== null;
    for (const answer of root.querySelectorAll("[data-answer]")) answer.inert = refused;
    if (refused === root.hasAttribute("data-outdated")) return;
    root.toggleAttribute("data-outdated", refused);
    note.textContent = refused ? OUTDATED : AGAIN;
  };
  new MutationObserver(update).observe(root, { subtree: true, childList: true, attributeFilter: ["aria-invalid", "data-edited"] });
  update();
}
