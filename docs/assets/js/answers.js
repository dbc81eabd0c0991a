// What a page answers holds for the last input that was accepted: while a field is refused, its answers are out of date.

const REFUSED = '[aria-invalid="true"]';
const OUTDATED = "Out of date: these results are for the last accepted input.";
const AGAIN = "Up to date again.";

/**
 * While a field inside an element is refused, a line at the lower edge of the window says that the answers are out of
 * date, and every part with data-answer is inert: dimmed (assets/separable.css), skipped by screen readers, and without
 * working buttons and links.
 */
export function watchAnswers(root) {
  if (root.querySelector(".outdated")) return;
  const note = document.createElement("p");
  note.className = "outdated";
  note.setAttribute("role", "status");
  [...root.querySelectorAll("[data-answer]")].at(-1).after(note);
  const update = () => {
    const outdated = root.querySelector(REFUSED) !== null;
    for (const answer of root.querySelectorAll("[data-answer]")) answer.inert = outdated;
    if (outdated === root.hasAttribute("data-outdated")) return;
    root.toggleAttribute("data-outdated", outdated);
    note.textContent = outdated ? OUTDATED : AGAIN;
  };
  new MutationObserver(update).observe(root, { subtree: true, childList: true, attributeFilter: ["aria-invalid"] });
  update();
}
