// Makes what KaTeX has laid out small without moving anything: most of it are spans that no rule of its sheet styles.
// It works on KaTeX's own tree: spans have children and classes, symbols text and an italic correction, MathML a type.

const USUAL = "reset-size6 size3"; // of an index or exponent; our sheet gives sub and sup this size and margin
const SCALES = { [USUAL]: 0.7, "reset-size3 size1": 5 / 7 }; // of an index, and of an index of an index
const LOW = 0.15 / 0.7; // where most indices stand; our sheet says it too
const LINE = { above: 0.9, below: 0.28 }; // what a line of KaTeX_Main takes at its height of 1.2, whichever metrics count
const SIGNS = new Set(["mbin", "mrel", "mpunct"]);
const FLAT = new Set(["mathrm", "delimcenter"]); // their rules restate what holds without them
const WIDE = 1; // em from which space parts two formulas
const SPOKEN = new Set(["display", "encoding", "mathvariant"]); // of MathML, which is read aloud and never seen

const em = (length) => parseFloat(length ?? 0);
const printed = (length) => `${+length.toFixed(4)}em`;
const isSymbol = (node) => node.text !== undefined && node.classes !== undefined;
const isSpan = (node) => node.children !== undefined && node.classes !== undefined && node.type === undefined;

/** What a style sheet has rules for: its classes, and those whose children or children's children it counts. */
export function rules(sheet) {
  const selectors = sheet.replace(/\{[^}]*\}/g, " ");
  const found = (pattern) => new Set([...selectors.matchAll(pattern)].map((match) => match[1]));
  return {
    styled: found(/\.([a-z][\w-]*)/gi),
    parents: found(/\.([a-z][\w-]*)>span/gi),
    grandparents: found(/\.([a-z][\w-]*)>span>span/gi),
  };
}

/** The lengths that a sheet has classes for: style to class. */
export function lengths(sheet) {
  const found = sheet.matchAll(/\.(k\w) \{ ([^}]*); \}/g);
  return new Map([...found].map(([, name, style]) => [short(style.replace(/([:;]) /g, "$1")), name]));
}

const short = (style) => style.replace(/(?<![\d.])0\./g, ".");

/** The markup of a formula as KaTeX has laid it out, made small. */
export function compact(tree, { styled, parents, grandparents, named: classes }) {
  const rests = new Set(["deep", ...styled]);
  const among = (node, names) => node?.classes.some((name) => names.has(name)) ?? false;

  function walk(node, parent) {
    if (node.type !== undefined) mathml(node);
    if (isSymbol(node)) symbol(node);
    if (!isSpan(node)) return;
    node.children = node.children.flatMap(parts);
    node.children.forEach((child) => walk(child, node));
    if (node.classes.includes("katex-base") && fits(node.children[0].style)) node.children.shift();
    node.children = node.children.map(script);
    if (among(node, parents) || among(parent, grandparents)) node.children.forEach(bare);
    else node.children = node.children.flatMap(unwrapped);
    spaces(node.children);
    node.children.forEach(takenBack);
  }

  /** A symbol remembers whether it is a sign; one in KaTeX's italic font is an element of its own. */
  function symbol(node) {
    node.sign = node.classes.some((name) => SIGNS.has(name));
    if (node.classes.filter((name) => styled.has(name)).join() === "mathnormal") named(node, "i");
  }

  /** A span or symbol without the classes and lengths that change nothing. */
  function bare(node) {
    if (!node.style) return;
    node.classes = node.tag === "i" ? [] : node.classes.filter((name) => rests.has(name));
    for (const side of ["top", "marginLeft", "marginRight"]) if (node.style[side] === "0em") delete node.style[side];
    if ("top" in node.style) return;
    delete node.style.position;
    node.classes = node.classes.filter((name) => !FLAT.has(name));
  }

  /** The children of a span that nothing styles, instead of it. */
  function unwrapped(node) {
    bare(node);
    const kept = !isSpan(node) || node.tag || [node.classes, node.style, node.attributes].some((one) => Object.keys(one).length);
    return kept ? [node] : node.children;
  }

  walk(tree, null);
  return tree.toMarkup().replace(/(?: class="([^"]*)")? style="([^"]*);"/g, (_, held, style) => {
    const name = classes.get(short(style)), all = [held, name].filter(Boolean).join(" ");
    return `${all && ` class="${all}"`}${name ? "" : ` style="${short(style)}"`}`;
  });
}

/** Whether a strut is no taller than the line that it stands in. */
function fits({ height, verticalAlign }) {
  const below = -em(verticalAlign);
  return em(height) - below <= LINE.above && below <= LINE.below;
}

/** A fragment prints nothing but its children. */
function parts(node) {
  return node.children && node.attributes === undefined ? node.children.flatMap(parts) : [node];
}

/** Have a span, or a symbol that may print no element at all, print another element. */
function named(node, tag) {
  const print = node.toMarkup;
  node.tag = tag;
  node.toMarkup = () => {
    const markup = print.call(node);
    return markup.startsWith("<span") ? `<${tag}${markup.slice("<span".length, -"</span>".length)}</${tag}>` : `<${tag}>${markup}</${tag}>`;
  };
  return node;
}

/** A lone index or exponent without the table in which KaTeX stacks two of them: text on a baseline of its own. */
function script(node) {
  if (!isSpan(node) || !node.classes.includes("msupsub")) return node;
  const rows = node.children[0].children[0].children[0].children;
  if (rows.length !== 1) return node;
  const [strut, found] = rows[0].children, { top, marginLeft, marginRight } = rows[0].style;
  const size = found.classes.filter((name) => name.includes("size")).slice(-2).join(" ");
  if (!(size in SCALES)) return node;
  const scale = SCALES[size], rise = (-em(top) - em(strut.style.height)) / scale;
  found.style = printed(rise) === printed(-LOW) ? {} : { verticalAlign: printed(rise) };
  if (em(marginLeft)) found.style.marginLeft = printed(em(marginLeft) / scale);
  found.classes = size === USUAL ? [] : ["deep"];
  Object.assign(found, { scale, margin: em(marginRight) / scale });
  return named(found, rise < 0 ? "sub" : "sup");
}

/** Space becomes the margin of a letter, an index or a sign before it, or of a sign behind it. */
function spaces(children) {
  for (let i = children.length - 1; i >= 0; i--) {
    if (!isSpace(children[i])) continue;
    const { marginRight: width } = children[i].style, before = children[i - 1], after = children[i + 1];
    if (before && isSymbol(before) && before.tag) {
      before.style.marginRight = printed(before.italic + em(width));
      before.italic = 0;
    } else if (before?.scale) before.style.marginRight = printed(before.margin + em(width) / before.scale);
    else if (before && isSign(before)) before.style.marginRight = width;
    else if (after && isSign(after)) after.style.marginLeft = width;
    else continue;
    children.splice(i, 1);
  }
  for (const { style } of children.filter(isSign)) {
    if (!style.marginLeft || style.marginLeft !== style.marginRight) continue;
    style.margin = `0 ${style.marginLeft}`;
    delete style.marginLeft;
    delete style.marginRight;
  }
}

const isSpace = (node) =>
  isSpan(node) && node.classes.join() === "mspace" && Object.keys(node.style).join() === "marginRight";
const isSign = (node) => isSymbol(node) && node.sign && !node.italic;

/** An italic correction that the index behind it takes back is left out. */
function takenBack(node, place, all) {
  const before = all[place - 1];
  if (!before?.italic || !node.scale) return;
  if (printed(-em(printed(before.italic)) / node.scale) !== node.style.marginLeft) return;
  before.italic = 0;
  delete node.style.marginLeft;
}

/**
 * MathML with what can be heard: no lengths and no thin spaces, and upright letters are one word. The TeX of a formula
 * goes with it where that stands on a line of its own.
 */
function mathml(node) {
  if (!node.children) return;
  if (node.type === "math" && !node.attributes.display) node.children = [node.children[0].children[0]];
  for (const name of Object.keys(node.attributes)) if (!SPOKEN.has(name)) delete node.attributes[name];
  if (node.type === "mo") delete node.attributes.mathvariant;
  node.children = node.children.flatMap(parts);
  if (node.type === "mrow") node.children = node.children.filter((child) => !isThin(child)).reduce(joined, []);
  node.children.forEach(mathml);
  node.children = node.children.map(only);
}

function joined(kept, child) {
  const last = kept.at(-1);
  if (!last || !isUpright(last) || !isUpright(child)) return [...kept, child];
  last.children.push(...child.children);
  delete last.attributes.mathvariant; // that of a word
  last.word = true;
  return kept;
}

const isThin = (node) => isGap(node) || (node.type === "mtext" && !node.toText().trim());
const isGap = (node) => node.type === undefined && node.width < WIDE; // KaTeX's own node for space
const isUpright = (node) => node.type === "mi" && (node.word || node.attributes.mathvariant === "normal");
const only = (node) => (node.type === "mrow" && node.children.length === 1 ? node.children[0] : node);
