// Sets the formulas of a page in the browser, for builders that do not set them when they build.
function typeset() {
  for (const element of document.querySelectorAll(".arithmatex:not(:has(.katex))")) {
    const tex = element.textContent.trim();
    const displayMode = tex.startsWith("\\[");
    window.katex.render(tex.slice(2, -2), element, { displayMode, throwOnError: false });
  }
}

if (window.document$) window.document$.subscribe(typeset);
else typeset();
