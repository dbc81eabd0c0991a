// The search worker: Material's own, with two additions. The texts of the book are fetched once the
// search field has the focus, and a query is put into the words of the book before it is answered.
// A classic script, because Material starts its worker as one.
"use strict";

const [SETUP, QUERY, RESULT] = [0, 2, 3]; // messages of Material's search
const WANTED = "wanted"; // ours, from overrides/main.html: the search field has the focus
const ENGINE = new URLSearchParams(self.location.search).get("engine");
const TEXTS = new URL("../../search/texts.json", self.location);
const EXACT = 5; // how much more a word counts than the beginning of a longer one
const OPERATORS = /["*^~]|(^|\s)[+-]/; // a query in the language of lunr is left as it is
const SIZES = /(?<![\w.])(\d+|[a-z]) ?[x×*] ?(?=(\d+|[a-z])(?![a-z]))/g;
const [SHOWN, BEFORE] = [400, 100]; // letters of a result, and those before the word that was found
const SLIPS = [[8, 2], [4, 1]]; // letters of a word, and how many of them may be wrong

let settings; // what Material fetched with the page
let wanted = false;
let book; // the texts and the words of the book, once fetched

const pass = (type, data) => self.dispatchEvent(new MessageEvent("message", { data: { type, data } }));

self.addEventListener("message", (event) => {
  if (!event.isTrusted) return; // passed on to Material's listener
  event.stopImmediatePropagation();
  const { type, data } = event.data;
  if (type === SETUP) settings = data;
  if (type === WANTED) wanted = true;
  if (type === QUERY) pass(QUERY, asked(data, book));
  else if (settings && wanted && !book) open();
});

// Fetches Material's worker and the texts, and lets it index them; queries come when it has.
async function open() {
  book = {};
  try {
    if (!self.lunr) start();
    const [{ distance }, answer] = await Promise.all([import("./distance.js"), fetch(TEXTS)]);
    const { docs, said } = await answer.json();
    const separator = new RegExp(settings.config.separator, "u");
    book = { distance, said, separator, vocabulary: vocabulary(docs, separator) };
    pass(SETUP, { ...settings, docs });
  } catch (error) {
    book = undefined; // the next focus tries again
    throw error;
  }
}

function start() {
  importScripts(new URL(`../javascripts/workers/${ENGINE}`, self.location));
  // ERR lunr 2.3.9: its graph of words names a node by its letters and the numbers of the next nodes
  // without a separator, so that two nodes whose letters are digits can be taken for one.
  self.lunr.TokenSet.prototype.toString = function () {
    const edges = Object.keys(this.edges).sort().map((letter) => `${letter}${this.edges[letter].id},`);
    return `${Number(this.final)}${edges.join("")}`;
  };
}

// Every word of the titles and texts.
function vocabulary(docs, separator) {
  const words = (text) => text.replace(/<[^>]*>/g, " ").toLowerCase().split(separator);
  return [...new Set(docs.flatMap(({ title, text }) => words(`${title} ${text}`)))];
}

// A query as lunr reads it: sizes joined, small words left out, names and slips replaced.
function asked(query, { said, separator, ...known }) {
  const sized = query.toLowerCase().replace(SIZES, "$1×");
  if (OPERATORS.test(sized)) return sized;
  const words = replaced(sized.split(separator).join(" ").trim(), said).split(" ").filter(Boolean);
  const telling = words.filter(self.lunr.stopWordFilter);
  return (telling.length ? telling : words).map((word) => weighed(corrected(word, known), known)).join(" ");
}

// The names that others use, as the book says them.
function replaced(query, said) {
  return query.replace(new RegExp(`(?<!\\S)(${Object.keys(said).join("|")})(?!\\S)`, "g"), (name) => said[name]);
}

// The word, or the nearest of the book if no word of it begins like this one.
function corrected(word, { vocabulary, distance }) {
  if (!/^\p{L}+$/u.test(word) || vocabulary.some((one) => one.startsWith(word))) return word;
  const [, most] = SLIPS.find(([letters]) => word.length >= letters) ?? [0, 0];
  const away = (one) => Math.min(distance(word, one), distance(word, one.slice(0, word.length)));
  const near = vocabulary
    .filter((one) => one[0] === word[0])
    .map((one) => [away(one), one])
    .sort(([one], [other]) => one - other);
  return near.length && near[0][0] <= most ? near[0][1] : word;
}

// A word counts more than a beginning, and a plural finds its singular.
function weighed(word, { vocabulary }) {
  const singular = word.replace(/(?<=\p{L}{3})s$/u, "");
  if (singular !== word && vocabulary.includes(singular)) return `${singular}*^${EXACT}`;
  return word.length < 3 ? `${word}^${EXACT}` : `${word}^${EXACT} ${word}`;
}

// A page that has all the words comes before one that has some: Material weighs each section alone.
// Of a long text only the part around the first word that was found is shown.
function ordered({ items, ...rest }) {
  for (const page of items) {
    const found = new Set(page.flatMap(({ terms }) => Object.keys(terms).filter((term) => terms[term])));
    const terms = new Set(page.flatMap(({ terms }) => Object.keys(terms)));
    const share = terms.size && found.size / terms.size;
    for (const section of page) {
      section.score *= share;
      section.text = around(section.text);
    }
  }
  const best = (page) => Math.max(...page.map(({ score }) => score));
  return { items: items.sort((one, other) => best(other) - best(one)), ...rest };
}

function around(text) {
  const plain = text.replace(/<(?!\/?mark>)[^>]*>/g, " ");
  if (plain.length <= SHOWN) return text;
  const first = plain.indexOf("<mark>");
  const start = first > BEFORE ? Math.min(first, plain.indexOf(" ", first - BEFORE)) : 0;
  const part = plain.slice(start, start + SHOWN).replace(/\s\S*$/, "");
  const open = part.lastIndexOf("<mark>") > part.lastIndexOf("</mark>");
  return `<p>${start ? "… " : ""}${part}${open ? "</mark>" : ""} …</p>`;
}

const answer = self.postMessage.bind(self);
self.postMessage = ({ type, data }) => answer({ type, data: type === RESULT ? ordered(data) : data });
