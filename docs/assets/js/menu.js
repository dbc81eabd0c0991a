// The menu of a phone by keyboard: the theme's box that opens it takes the focus and Enter; Escape closes it.
const OPENER = "__drawer";

addEventListener("keydown", (event) => {
  const box = document.getElementById(OPENER);
  const opened = event.key === "Enter" && event.target === box;
  const closed = event.key === "Escape" && box?.checked;
  if (!opened && !closed) return;
  event.preventDefault();
  box.click();
  box.focus();
});
