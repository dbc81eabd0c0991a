// Text to take away: into the clipboard, or into a file. Each says in words what came of it.

import { html } from "../dom.js";

/** Copied, or why not. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    return "The browser did not allow copying: select the text instead.";
  }
}

/** Offered as a file. */
export function carried(text, file, type) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  html("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  return `Saved as ${file}.`;
}
