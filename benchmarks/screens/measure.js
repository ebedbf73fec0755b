// Measures a page: every visible word with its box and category, every target, and words that nobody labelled.
// Boxes are in CSS pixels, as [left, top, right, bottom]; the caller scales them.
(() => {
  const whole = [0, 0, innerWidth, innerHeight];
  const values = new Map();
  const clips = new Map();
  const words = [], targets = [], unlabelled = [];
  const meet = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const wide = (box) => Math.max(0, box[2] - box[0]);
  const high = (box) => Math.max(0, box[3] - box[1]);
  const edges = (rect) => [rect.left, rect.top, rect.right, rect.bottom];

  // What is left of the window for the insides of an element, after all that cuts it off.
  function clipOf(element) {
    if (!element || element === document.documentElement) return whole;
    if (clips.has(element)) return clips.get(element);
    const style = getComputedStyle(element);
    const above = style.position === "fixed" ? null
      : style.position === "absolute" ? element.offsetParent : element.parentElement;
    let clip = clipOf(above);
    if (style.overflowX !== "visible" || style.overflowY !== "visible") {
      const own = edges(element.getBoundingClientRect());
      if (style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth) {
        own[2] -= parseFloat(style.fontSize) + parseFloat(style.paddingRight);
      }
      clip = meet(clip, own);
    }
    clips.set(element, clip);
    return clip;
  }

  // Whether nothing covers the middle of a box.
  function isHit(element, box) {
    if (element.closest("[data-through]")) return true;  // a watermark that lets clicks through
    const hit = document.elementFromPoint((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    return hit !== null && (hit === element || element.contains(hit) || hit.contains(element));
  }

  function isShown(element, box) {
    return element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && isHit(element, box);
  }

  function valueOf(marked) {
    const key = marked.dataset.val || marked;
    if (!values.has(key)) values.set(key, values.size + 1);
    return values.get(key);
  }

  function asShown(text, style) {
    if (style.textTransform === "uppercase") return text.toUpperCase();
    if (style.textTransform === "lowercase") return text.toLowerCase();
    return style.textTransform === "capitalize" ? text[0].toUpperCase() + text.slice(1) : text;
  }

  function rectOf(node, from, to) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter((rect) => rect.width > 0.2 && rect.height > 0.2);
  }

  // The parts of a word that stand on one line each: [text, box, boxes of the characters].
  function piecesOf(node, start, text) {
    const pieces = [];
    for (let i = 0; i < text.length; i++) {
      const rect = rectOf(node, start + i, start + i + 1).at(-1);
      if (!rect) continue;
      const box = edges(rect), last = pieces.at(-1);
      const follows = last && box[1] < last.box[3] - high(last.box) / 3 && box[3] > last.box[1] + high(last.box) / 3;
      if (!follows) pieces.push({text: text[i], box, parts: [box]});
      else {
        last.text += text[i];
        last.parts.push(box);
        last.box = [Math.min(last.box[0], box[0]), Math.min(last.box[1], box[1]),
                    Math.max(last.box[2], box[2]), Math.max(last.box[3], box[3])];
      }
    }
    return pieces;
  }

  function addWords(node, owner, clip, marked) {
    const style = getComputedStyle(node.parentElement);
    for (const match of node.data.matchAll(/[^\s\u200b]+/g)) {
      if (!marked) {
        if (/[\p{L}\p{N}]/u.test(match[0])) unlabelled.push(match[0]);
        continue;
      }
      const category = marked.dataset.cat;
      if (!/[\p{L}\p{N}\u2022\u2605\u2606]/u.test(match[0])) continue;  // a dash tells nothing; dots and stars do
      const turned = owner.closest("[data-turned]");
      const pieces = turned ? [{text: match[0], box: edges(rectOf(node, match.index, match.index + match[0].length)[0]),
                                parts: []}] : piecesOf(node, match.index, match[0]);
      for (const piece of pieces) {
        const [text, box] = turned ? [piece.text, meet(piece.box, clip)] : seenOf(owner, piece, clip);
        if (!text || !isShown(owner, box)) continue;
        words.push({text: asShown(text, style), box, category, value: valueOf(marked)});
      }
    }
  }

  // The characters that nothing cuts off or covers, and the box around them; none when they are too few to be read.
  function seenOf(owner, piece, clip) {
    const whole = piece.parts.map((part) => meet(part, clip));
    const seen = whole.map((part, i) => wide(part) * high(part) >= 0.4 * wide(piece.parts[i]) * high(piece.parts[i])
      && isHit(owner, part));
    const boxes = whole.filter((_, i) => seen[i]);
    if (boxes.length < 0.4 * whole.length) return ["", clip];
    const box = [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((one) => one[side])));
    return [[...piece.text].filter((_, i) => seen[i]).join(""), box];
  }

  const COPIED = ["fontFamily", "fontSize", "fontWeight", "fontStyle", "fontStretch", "letterSpacing", "lineHeight",
    "textTransform", "textIndent", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth",
    "borderRightWidth", "borderBottomWidth", "borderLeftWidth", "fontVariantLigatures", "wordSpacing"];

  // A control shows its text inside itself, where no Range reaches: a box of the same style is measured instead.
  function addControl(control) {
    const secret = control.type === "password";
    const filled = control.tagName === "SELECT" ? control.options[control.selectedIndex].text : control.value;
    const shown = filled || control.placeholder || "";
    const outer = edges(control.getBoundingClientRect());
    if (!shown || !wide(outer)) return;
    const style = getComputedStyle(control), copy = document.createElement("div"), line = document.createElement("span");
    for (const name of COPIED) copy.style[name] = style[name];
    const place = {position: "fixed", left: outer[0] + "px", top: outer[1] + "px", width: wide(outer) + "px",
      height: high(outer) + "px", boxSizing: "border-box", margin: 0, borderStyle: "solid", borderColor: "transparent",
      pointerEvents: "none", color: "transparent", textAlign: style.textAlign};
    const long = control.tagName === "TEXTAREA";
    const flat = {display: "flex", alignItems: "center", whiteSpace: "pre",
      justifyContent: {center: "center", right: "flex-end", end: "flex-end"}[style.textAlign] || "flex-start"};
    const folded = {whiteSpace: "pre-wrap", overflowWrap: "break-word"};
    Object.assign(copy.style, place, long ? folded : flat);
    if (secret && filled) line.style.webkitTextSecurity = "disc";
    line.textContent = secret && filled ? "\u2022".repeat(filled.length) : shown;
    copy.append(line);
    document.body.append(copy);
    const sides = ["Left", "Top", "Right", "Bottom"];
    const edge = (side) => parseFloat(style[`border${side}Width`]) + (long ? 0 : parseFloat(style[`padding${side}`]));
    const [left, top, right, bottom] = sides.map(edge);
    const inside = [outer[0] + left, outer[1] + Math.min(top, 2), outer[2] - right, outer[3] - Math.min(bottom, 2)];
    const marked = filled ? control.closest("[data-cat]") : {dataset: {cat: "chrome", val: ""}};
    addWords(line.firstChild, control, meet(clipOf(control), inside), marked);
    copy.remove();
  }

  function addPicture(element) {
    const box = meet(edges(element.getBoundingClientRect()), clipOf(element.parentElement));
    if (wide(box) < 2 || high(box) < 2 || !isShown(element, box)) return;
    words.push({text: "", box, category: element.dataset.picture, value: valueOf(element)});
  }

  const ROLES = {A: "link", BUTTON: "button", SELECT: "combobox", TEXTAREA: "textbox", INPUT: "textbox"};
  function roleOf(element) {
    const kind = {checkbox: "checkbox", radio: "radio", password: "password"}[element.type];
    return element.getAttribute("role") || kind || ROLES[element.tagName];
  }

  function addTarget(element) {
    const box = meet(edges(element.getBoundingClientRect()), clipOf(element));
    if (wide(box) < 4 || high(box) < 4 || !isShown(element, box)) return;
    const own = element.getAttribute("aria-label") || element.innerText || element.placeholder || element.title || "";
    targets.push({box, role: roleOf(element), name: own.trim().replace(/\s+/g, " ")});
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    const parent = node.parentElement;
    if (["SCRIPT", "STYLE", "OPTION", "TEXTAREA", "TITLE"].includes(parent.tagName)) continue;
    addWords(node, parent, clipOf(parent), parent.closest("[data-cat]"));
  }
  for (const control of document.querySelectorAll("input, select, textarea")) {
    if (!["checkbox", "radio", "range"].includes(control.type)) addControl(control);
  }
  for (const element of document.querySelectorAll("[data-picture]")) addPicture(element);
  const clickable = "a, button, input, select, textarea, [role=button], [role=tab], [role=menuitem], [role=switch]";
  for (const element of document.querySelectorAll(clickable)) addTarget(element);
  return {words, targets, unlabelled};
})()
