// Python in the page, seen from the page: started once, then asked; it lives on through instant navigation.

const ASSETS = new URL("../../", import.meta.url);

/** The bytes of every file that Python needs, by name; null if the list cannot be had. */
export async function listed() {
  try {
    const response = await fetch(new URL("python.json", ASSETS));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** One Python for the whole visit: "off", "starting", "on". */
export const python = {
  state: "off",
  seconds: 0,
  worker: null,
  waiting: new Map(),
  listeners: new Set(),
  coming: null,
  number: 0,

  /**
   * Resolves when Python is on; tell({file, got}) and tell({stage}) while it starts. Rejects with words. Whoever asks
   * while it starts waits for the same start.
   */
  start(files, tell) {
    this.listeners.add(tell);
    this.coming ??= this.started(files).finally(() => {
      this.coming = null;
      this.listeners.clear();
    });
    return this.coming;
  },

  started(files) {
    this.state = "starting";
    return new Promise((resolve, reject) => {
      this.stopped = () => reject(new Error("cancelled: nothing is running"));
      const failed = (words) => {
        this.end();
        reject(new Error(words));
      };
      this.worker = new Worker(new URL("../line-worker.js", import.meta.url), { type: "module" });
      this.worker.onerror = (event) => {
        event.preventDefault();
        failed("the program that runs Python could not be fetched");
      };
      this.worker.onmessage = ({ data }) => {
        if (data.id !== undefined) this.answered(data);
        else if (data.failed) failed(data.failed);
        else if (data.ready === undefined) for (const tell of this.listeners) tell(data);
        else {
          this.state = "on";
          this.seconds = data.ready;
          resolve();
        }
      };
      this.worker.postMessage({ start: files });
    });
  },

  cancel() {
    this.end();
    this.stopped?.();
  },

  end() {
    this.worker?.terminate();
    for (const { reject } of this.waiting.values()) reject(new Error("Python has stopped"));
    this.waiting.clear();
    this.state = "off";
  },

  /** The answer of a function of derive/render/live.py; step(sentence) for every sentence of a proof. */
  ask(name, given, step = null) {
    const id = (this.number += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, step });
      this.worker.postMessage({ ask: name, given, steps: step !== null, id });
    });
  },

  answered({ id, answer, step, failed }) {
    const asked = this.waiting.get(id);
    if (!asked) return;
    if (step) return asked.step(step);
    this.waiting.delete(id);
    return failed ? asked.reject(new Error(failed)) : asked.resolve(answer);
  },
};
