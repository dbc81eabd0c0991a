// The kernel at work: an image, the image filtered in full and by two passes, and what they differ by.
import { bounds, difference, filtered, twoPasses } from "./filter.js";
import { figures, dressed } from "./heat.js";
import { sampleImage } from "./sample.js";

const BUDGET = 8; // milliseconds of work between two frames
const [REPEATS, QUICK] = [5, 25]; // times, milliseconds
const LARGEST = 384; // pixels a side
const EQUAL = 1e-9; // of the largest value: rounding

const frame = () => new Promise(requestAnimationFrame);
const thousands = (value) => value.toLocaleString("en-GB");

export class Picture {
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.image = null;
    this.name = "Sample image";
    const at = (name) => root.querySelector(`[data-canvas="${name}"]`);
    this.canvases = { image: at("image"), full: at("full"), passes: at("passes"), difference: at("difference") };
    root.querySelector("input[type=file]").addEventListener("change", (event) => this.choose(event.target));
    root.querySelector("[data-sample]").addEventListener("click", () => this.back());
  }

  // The work starts when the pictures come near the window, and starts over when the kernel changes.
  update(job) {
    this.job = job;
    if (!this.watched) {
      this.watched = new IntersectionObserver((seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        this.watched.disconnect();
        this.seen = true;
        this.draw();
      }, { rootMargin: "300px" });
      this.watched.observe(this.root);
    }
    if (this.seen) this.draw();
  }

  async draw() {
    const turn = (this.turn += 1);
    await frame();
    if (turn !== this.turn) return;
    this.image ??= sampleImage();
    const { kernel, pairs } = this.job;
    const full = await this.fastest(() => filtered(this.image, kernel), turn);
    const passes = full && (await this.fastest(() => twoPasses(this.image, pairs), turn));
    if (passes) this.paintAll(full, passes);
  }

  // The result of some work and the least time that it took, again and again while that is quick.
  async fastest(begin, turn) {
    let best = null;
    for (let total = 0, tries = 0; tries < REPEATS && total < QUICK; tries += 1) {
      const one = await this.run(begin(), turn);
      if (!one) return null;
      total += one.spent;
      if (!best || one.spent < best.spent) best = one;
    }
    return best;
  }

  // The result of a generator, run within the budget of each frame; null if another turn has begun.
  async run(work, turn) {
    let spent = 0;
    for (;;) {
      const start = performance.now();
      let step;
      do step = work.next();
      while (!step.done && performance.now() - start < BUDGET);
      spent += performance.now() - start;
      if (step.done) return { image: step.value, spent };
      await frame();
      if (turn !== this.turn) return null;
    }
  }

  paintAll(full, passes) {
    const [low, high] = bounds(full.image);
    const largest = Math.max(-low, high) || 1;
    const scale = low < 0 && -low > 1e-9 * largest ? [-largest, largest] : [0, largest];
    const apart = difference(full.image, passes.image);
    const most = Math.max(...bounds(apart).map(Math.abs));
    const same = most <= EQUAL * largest;
    this.paint("image", this.image, [0, 255], `${this.name}, ${this.image.width} × ${this.image.height} pixels, grey`);
    this.paint("full", full.image, scale, `filtered by the kernel: values from ${figures(low, 4)} to ${figures(high, 4)}`);
    this.paint("passes", passes.image, scale, `filtered in two passes by the nearest kernel of rank ${this.job.rank}`);
    const apartScale = same ? [-1, 1] : [-most, most];
    this.paint("difference", same ? { ...apart, pixels: apart.pixels.map(() => 0) } : apart, apartScale,
      same ? "the difference: none" : `the difference: up to ${figures(most, 3)}`);
    this.say("passes", `in two passes, rank ${this.job.rank}`);
    this.say("scale", scale[0] < 0
      ? `Filtered: middle grey is 0, white ${figures(largest, 4)}, black ${figures(-largest, 4)}, the same in both.`
      : `Filtered: black is 0, white ${figures(largest, 4)}, the same in both.`);
    this.say("apart", same
      ? "Difference: none but rounding, so the picture is an even grey."
      : `Difference: middle grey is 0, white ${figures(most, 3)}, black ${figures(-most, 3)}; the most is ${figures((100 * most) / largest, 3)}% of the largest filtered value.`);
    const size = this.image.width * this.image.height;
    const [all, few] = [this.job.full * size, this.job.passes * size];
    this.say("time", `In full ${thousands(all)} multiplications, in two passes ${thousands(few)}; here that just took ${time(full.spent)} and ${time(passes.spent)}.`);
    this.root.dataset.drawn = this.turn;
  }

  paint(name, { width, height, pixels }, [low, high], words) {
    const canvas = this.canvases[name];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const shown = context.createImageData(width, height);
    for (let k = 0; k < pixels.length; k += 1) {
      shown.data.fill((255 * (pixels[k] - low)) / (high - low), 4 * k, 4 * k + 3);
      shown.data[4 * k + 3] = 255;
    }
    context.putImageData(shown, 0, 0);
    canvas.setAttribute("aria-label", dressed(words));
  }

  say(name, words) {
    this.root.querySelector(`[data-say="${name}"]`).textContent = words;
  }

  complain(words) {
    const input = this.root.querySelector("input[type=file]");
    this.say("file", words);
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  async choose(input) {
    const [file] = input.files;
    if (!file) return;
    try {
      const bitmap = await createImageBitmap(file);
      this.image = grey(bitmap);
      this.name = file.name;
      this.complain("");
      this.draw();
    } catch {
      this.complain(`${file.name} is not an image that this browser reads: choose a PNG or JPEG. The image before is kept.`);
    }
  }

  back() {
    this.image = null;
    this.name = "Sample image";
    this.root.querySelector("input[type=file]").value = "";
    this.complain("");
    this.draw();
  }
}

const time = (spent) => `${spent < 10 ? spent.toFixed(1) : Math.round(spent)} ms`;

// The luma of an image, no larger than LARGEST a side.
function grey(bitmap) {
  const shrink = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * shrink)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = Float64Array.from({ length: width * height }, (_, k) =>
    0.299 * data[4 * k] + 0.587 * data[4 * k + 1] + 0.114 * data[4 * k + 2]);
  return { width, height, pixels };
}
