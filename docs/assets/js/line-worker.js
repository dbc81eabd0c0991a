// Python in a worker: Pyodide, SymPy and the project's own package, all from this origin.
//
// Messages to it: {start: files}; {ask, given, steps, id}, a function of derive/render/live.py with its arguments and
// whether it tells of its steps. Messages from it: {file, got} while bytes arrive, {stage}, {ready: seconds},
// {failed: words}; {id, answer} for a question, {id, step} for every sentence of a proof.

const ASSETS = new URL("../", import.meta.url);
const HOME = "/python";
let python;

self.onmessage = async ({ data: { start: files, ask, given, steps, id } }) => {
  try {
    if (files) return await start(files);
    const step = (text) => postMessage({ id, step: JSON.parse(text) });
    const text = python[ask](...given, ...(steps ? [step] : []));
    return postMessage({ id, answer: JSON.parse(text, whole) });
  } catch (error) {
    return postMessage({ id, failed: words(error) });
  }
};

/** Integers that a float would round stay exact. */
function whole(key, value, context) {
  const rounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded && /^-?\d+$/.test(context?.source ?? "") ? BigInt(context.source) : value;
}

/** Fetches everything side by side, then starts Python and imports the package. */
async function start(files) {
  const begun = performance.now();
  countBytes(files);
  const archives = ["libraries.zip", "derive.zip"].map(fetchArchive);
  for (const archive of archives) archive.catch(() => {}); // reported by whoever awaits it
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", ASSETS));
  const pyodide = await loadPyodide({
    indexURL: new URL("pyodide/", ASSETS).href,
    stdout: () => {},
    stderr: () => {},
  });
  for (const archive of archives) pyodide.unpackArchive(await archive, "zip", { extractDir: HOME });
  postMessage({ stage: "importing SymPy and the book" });
  python = pyodide.runPython(`
import sys
sys.path.insert(0, "${HOME}")
from derive.render import live
live
`);
  postMessage({ ready: (performance.now() - begun) / 1000 });
}

async function fetchArchive(name) {
  return (await fetch(new URL(`pyodide/${name}`, ASSETS))).arrayBuffer();
}

/** Lets every response that is fetched, by Pyodide too, tell how many bytes have arrived. */
function countBytes(files) {
  const plain = self.fetch.bind(self);
  self.fetch = async (address, options) => {
    const name = new URL(address.url ?? address, ASSETS).href.replace(ASSETS.href, "");
    const response = await plain(address, options).catch(() => {
      throw new Error(`${name} could not be fetched`);
    });
    if (!response.ok) throw new Error(`${name} could not be fetched: ${response.status}`);
    if (!(name in files) || !response.body) return response;
    let got = 0;
    const counted = new TransformStream({
      transform(chunk, out) {
        got += chunk.byteLength;
        postMessage({ file: name, got });
        out.enqueue(chunk);
      },
    });
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(counted), { status, headers });
  };
}

/** The last line of an error, which for Python is the one that says what went wrong. */
function words(error) {
  const lines = String(error?.message ?? error).trim().split("\n");
  return lines.at(-1).slice(0, 300);
}
