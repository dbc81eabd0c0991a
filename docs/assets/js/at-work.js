// <at-work>: a pipeline that makes one output pixel, number by number. It comes with its last step drawn; this plays,
// steps, and lets the reader choose the pixel by pointer or arrow keys.

import { atWork, opening, output, steps } from "./at-work-view.js";
import { factsOf, replace, settled } from "./dom.js";

const PAUSE = 900; // milliseconds that a number is shown for
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class AtWork extends HTMLElement {
  connectedCallback() {
    this.facts ??= factsOf(this);
    this.state ??= { ...opening(this.facts), alive: true, playing: false };
    this.stage = this.querySelector(".stage");
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.addEventListener("click", (event) => this.press(event.target), { signal });
    this.addEventListener("keydown", (event) => this.key(event), { signal });
    for (const kind of ["pointerdown", "pointermove"]) this.addEventListener(kind, (event) => this.point(event), { signal });
    this.timer = setTimeout(() => this.open()); // in a task of its own: a page may have several
  }

  /** The page comes with the picture; what changes is that the pixels of the output can be chosen. */
  open() {
    const drawn = [...this.querySelectorAll(".stage > svg > .plane")];
    if (drawn.length) output(this.facts, this.state).reverse().forEach((plane) => settled(drawn.pop(), plane));
    else this.draw();
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.listeners.abort();
  }

  draw(change = {}) {
    Object.assign(this.state, change);
    replace(this.stage, atWork(this.facts, this.state));
  }

  get last() {
    return steps(this.facts, this.state.pixel).length - 1;
  }

  press(target) {
    const button = target.closest("button");
    if (!button) return;
    if ("play" in button.dataset) return this.play(!this.state.playing);
    this.play(false);
    const count = this.last + 1;
    this.draw({ at: (this.state.at + Number(button.dataset.go) + count) % count });
  }

  /** From the first number, or from where the reader stopped, to the last. */
  play(playing) {
    clearInterval(this.timer);
    this.draw({ playing, at: playing && this.state.at === this.last ? 0 : this.state.at });
    if (playing) this.timer = setInterval(() => (this.state.at < this.last ? this.draw({ at: this.state.at + 1 }) : this.play(false)), PAUSE);
  }

  /** Another output pixel: finished if the one before was, else from its first number. */
  choose(pixel) {
    if (String(pixel) === String(this.state.pixel)) return;
    const finished = this.state.at === this.last;
    this.state.pixel = pixel;
    this.draw({ at: finished ? this.last : Math.min(this.state.at, this.last) });
  }

  point(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-pixel]");
    if (!cell || !this.contains(cell)) return;
    if (event.type === "pointerdown") event.target.releasePointerCapture?.(event.pointerId); // a finger may move on
    this.choose(cell.dataset.pixel.split(",").map(Number));
  }

  key(event) {
    const from = event.target.closest("[data-pixel]"), by = ARROWS[event.key];
    if (!from || !by) return;
    event.preventDefault();
    const { side, tensors } = this.facts, planes = tensors.at(-1).planes.length;
    const [plane, y, x] = from.dataset.pixel.split(",").map(Number);
    const across = plane * side + x + by[1], down = y + by[0]; // from one plane on into the next
    if (down < 0 || down >= side || across < 0 || across >= planes * side) return;
    this.choose([Math.floor(across / side), down, across % side]);
    this.querySelector('[data-pixel][tabindex="0"]').focus();
  }
}

if (!customElements.get("at-work")) customElements.define("at-work", AtWork);
