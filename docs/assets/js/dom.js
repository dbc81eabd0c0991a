// Elements: made, read, and brought up to date.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: html("p", {class: "quiet", onclick: f, hidden: true}, "text", node, ...). */
export function html(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/** An SVG element, like html(). */
export function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let names = 0;

/** A name for an element that no other has. */
export function unique(stem) {
  names += 1;
  return `${stem}-${names}`;
}

/** What Python wrote for a figure, or null. */
export function factsOf(element) {
  const template = element.querySelector("template.facts");
  return template && JSON.parse(template.content.textContent);
}

const LEFT = new Set(["open", "inert"]); // the reader's to change, and that of answers.js

/** Bring the children of an element to those wanted; what can stay stays, focus and what was typed included. */
export function replace(element, wanted) {
  while (element.childNodes.length > wanted.length) element.lastChild.remove();
  wanted.forEach((node, n) => {
    const old = element.childNodes[n];
    if (!old) element.append(node);
    else if (!settled(old, node)) old.replaceWith(node);
  });
}

/** Whether a node could be made like another. What is announced (a status) is not for others to change. */
export function settled(old, wanted) {
  if (typeof wanted === "string" || old.nodeName !== wanted.nodeName) {
    const same = old.nodeType === Node.TEXT_NODE && typeof wanted === "string";
    if (same && old.data !== wanted) old.data = wanted;
    return same;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== wanted.data) old.data = wanted.data;
    return true;
  }
  if (wanted.nodeName.includes("-")) return true; // a custom element holds what it put there itself
  if (wanted.getAttribute("role") === "status") return old.getAttribute("role") === "status";
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !LEFT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  replace(old, [...wanted.childNodes]);
  return true;
}
