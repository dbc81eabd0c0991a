// As much of a document as the figures of the lessons use, so that node can press all their controls.

class Style {
  setProperty(name, value) {
    this[name] = value;
  }
}

class ClassList {
  #element;

  constructor(element) {
    this.#element = element;
  }

  get #names() {
    return new Set((this.#element.getAttribute("class") ?? "").split(" ").filter(Boolean));
  }

  #keep(names) {
    this.#element.setAttribute("class", [...names].join(" "));
  }

  contains(name) {
    return this.#names.has(name);
  }

  add(...added) {
    this.#keep(new Set([...this.#names, ...added]));
  }

  remove(...gone) {
    this.#keep([...this.#names].filter((name) => !gone.includes(name)));
  }

  toggle(name, on) {
    if (on) this.add(name);
    else this.remove(name);
  }
}

export class Element {
  constructor(tag = "div") {
    this.tag = tag;
    this.children = []; // elements and strings
    this.attributes = {};
    this.listeners = {};
    this.style = new Style();
    this.classList = new ClassList(this);
    this.dataset = {};
    this.isConnected = true;
  }

  append(...nodes) {
    for (const node of nodes) {
      if (node instanceof Element) node.parentElement = this;
      this.children.push(node instanceof Element ? node : String(node));
    }
  }

  replaceChildren(...nodes) {
    this.children = [];
    this.append(...nodes);
  }

  before(node) {
    node.parentElement = this.parentElement;
    this.parentElement.children.splice(this.parentElement.children.indexOf(this), 0, node);
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
    if (name === "value") this.value = String(value);
    if (name === "checked") this.checked = true;
    if (name.startsWith("data-")) this.dataset[name.slice(5)] = String(value);
  }

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  addEventListener(event, listener) {
    (this.listeners[event] ??= []).push(listener);
  }

  fire(event) {
    for (const listener of this.listeners[event] ?? []) listener({ target: this, preventDefault() {} });
  }

  get textContent() {
    return this.children.map((child) => (child instanceof Element ? child.textContent : child)).join("");
  }

  set textContent(text) {
    this.children = [String(text)];
  }

  get elements() {
    return this.children.filter((child) => child instanceof Element);
  }

  get firstElementChild() {
    return this.elements[0] ?? null;
  }

  matches(selector) {
    const parts = selector.match(/[a-z]+|\.[\w-]+|\[[\w-]+\]/g);
    return parts.every((part) =>
      part[0] === "." ? this.classList.contains(part.slice(1)) : part[0] === "[" ? part.slice(1, -1) in this.attributes : this.tag === part,
    );
  }

  querySelectorAll(selector) {
    return this.elements.flatMap((child) => [...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector)]);
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
}

const figures = {};
Object.assign(globalThis, {
  HTMLElement: Element,
  document: { createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag) },
  customElements: { get: (tag) => figures[tag], define: (tag, figure) => (figures[tag] = figure) },
  matchMedia: () => ({ matches: true }),
  setTimeout: () => null, // what screen readers hear is what is shown
  clearTimeout: () => null,
});

/** A figure as the page draws it, from its facts and from what it finds in its place. */
export async function drawn(name, facts, still = []) {
  await import(`./learn/${name}.js`);
  const figure = new figures[`learn-${name}`]();
  const template = new Element("template");
  template.setAttribute("class", "facts");
  template.content = { textContent: JSON.stringify(facts) };
  figure.append(template, ...still);
  figure.connectedCallback();
  return figure;
}

/** Every control of a figure by its name, as the functions that take each of its values. */
export function controls(figure) {
  const sliders = figure.querySelectorAll("input").filter((input) => input.getAttribute("type") === "range");
  const ranges = sliders.map((input) => [
    input.getAttribute("aria-label"),
    Array.from({ length: Number(input.max ?? input.getAttribute("max")) - Number(input.getAttribute("min")) + 1 }, (_, n) => () => {
      input.value = String(n + Number(input.getAttribute("min")));
      input.fire("input");
      return Number(input.value);
    }),
  ]);
  const choices = figure.querySelectorAll("fieldset").map((group) => [
    group.querySelector("legend").textContent,
    group.querySelectorAll("label").map((label) => () => {
      const input = label.querySelector("input");
      for (const other of group.querySelectorAll("input")) other.checked = other === input;
      input.fire("change");
      return label.textContent;
    }),
  ]);
  return Object.fromEntries([...ranges, ...choices]);
}

/** All settings of the controls with these names, each with what the figure says then. */
export function swept(figure, names, look) {
  const all = controls(figure);
  const from = (left, at) => {
    if (!left.length) return [{ at, ...look(figure) }];
    const [name, ...rest] = left;
    return all[name].flatMap((set) => from(rest, { ...at, [name]: set() }));
  };
  return from(names, {});
}
