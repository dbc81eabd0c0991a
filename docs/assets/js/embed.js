// A page as a part of another: ?embed in its address leaves the lab or calculator alone (overrides/main.html, plots.css).

const ALONE = "embed";

/** Whether this page stands in another. */
export const embedded = () => new URLSearchParams(location.search).has(ALONE);

/** A query for this page's own address, which stays embedded. */
export const addressed = (query) => (embedded() ? `${query ? `${query}&` : "?"}${ALONE}` : query);

/** What another page writes to show this one in its present state. */
export function snippet(title) {
  const { origin, pathname, search } = location;
  const plain = search.replace(/[?&]embed(=[^&]*)?(?=&|$)/, "").replace(/^&/, "?");
  const address = `${origin}${pathname}${plain ? `${plain}&` : "?"}${ALONE}`.replaceAll("&", "&amp;").replaceAll('"', "%22");
  return `<iframe src="${address}" title="${title}" width="100%" height="720" style="border: 0" loading="lazy"></iframe>`;
}

/** Links of an embedded page lead to a page of their own. */
export function leaveFrame() {
  if (!embedded()) return;
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank";
  }, true);
}
