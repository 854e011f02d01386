// Verbatim JSON: numbers and texts as they came, members in their order; only the layout changes.

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/gy;

/** The tokens of a JSON text; null if it is none. */
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    if (match[0].trim()) found.push({ text: match[0], at: match.index, end: TOKEN.lastIndex });
  }
  return found;
}

/**
 * The text of a member of an object, as it stands there.
 * @param {string} text an object in JSON
 * @returns {string|null} null if it has no such member
 */
export function member(text, name) {
  const all = tokens(text);
  if (!all) return null;
  let depth = 0;
  for (let i = 0; i < all.length; i++) {
    const token = all[i].text;
    if (depth === 1 && token[0] === '"' && all[i + 1]?.text === ':' && JSON.parse(token) === name) {
      return text.slice(all[i + 2].at, all[endOf(all, i + 2)].end);
    }
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
  }
  return null;
}

function endOf(all, start) {
  let depth = 0;
  for (let i = start; i < all.length; i++) {
    const token = all[i].text;
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth === 0) return i;
  }
  return all.length - 1;
}

/** The names of an object's members with their texts. */
export function members(text) {
  const names = Object.keys(JSON.parse(text));
  return names.map((name) => [name, member(text, name)]);
}

/**
 * A JSON text in lines, as pieces that each have a kind: text, number, word, name or sign.
 * @returns {{kind: string, text: string}[]}
 */
export function pieces(text) {
  const all = tokens(text);
  if (!all) return [{ kind: 'sign', text }];
  const out = [];
  let depth = 0;
  const line = () => out.push({ kind: 'sign', text: '\n' + '  '.repeat(depth) });
  all.forEach((token, i) => {
    const sign = token.text;
    const next = all[i + 1]?.text;
    const isClosing = sign === '}' || sign === ']';
    const isEmpty = isClosing && ['{', '['].includes(all[i - 1]?.text);
    if (isClosing) {
      depth--;
      if (!isEmpty) line();
    }
    out.push({ kind: kindOf(sign, next), text: sign === ':' ? ': ' : sign });
    if (sign === '{' || sign === '[') {
      depth++;
      if (next !== '}' && next !== ']') line();
    } else if (sign === ',') {
      line();
    }
  });
  return out;
}

function kindOf(token, next) {
  if (token[0] === '"') return next === ':' ? 'name' : 'text';
  if (/[-\d]/.test(token[0])) return 'number';
  return /[a-z]/.test(token[0]) ? 'word' : 'sign';
}

/** A JSON text laid out in lines. */
export function pretty(text) {
  return pieces(text).map((piece) => piece.text).join('');
}
