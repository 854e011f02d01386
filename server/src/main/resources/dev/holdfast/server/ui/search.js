// What is typed into the search box, and what the API is asked for because of it.
import { isId, nameOf, names, parameter, qualifier } from './qualifiers.js';

const VALUE = '(?:"(?:[^"\\\\]|\\\\.)*"?|[^\\s"])+';
const TERM = new RegExp(`(-?)(?:([a-z][^\\s:"]*):)?(${VALUE})`, 'gi');
const ONE = /(?:"(?:[^"\\]|\\.)*"?|[^,"])+/g;
const TYPED = /^(?:-?\d+(?:\.\d+)?|true|false|null)$/;
const SUGGESTED_MAX = 14;

/**
 * Reads a search.
 * @returns {{params: Object<string, string[]>, problems: string[], values: Object<string, string[]>}}
 *     params for the API; problems in words; values by qualifier, with - before one that is negated
 */
export function parse(text) {
  const found = { params: {}, problems: [], values: {} };
  for (const term of terms(text)) {
    const known = term.name ? qualifier(term.name) : null;
    if (!term.name && !term.sign && isId(term.raw)) add(found, { ...term, name: 'id' }, qualifier('id'), term.raw);
    else if (!known) found.problems.push(notUnderstood(term));
    else if (term.sign && !known.not) found.problems.push(`“-${term.name}:” is not possible; only state, queue and type can be left out`);
    else for (const raw of known.isMany ? term.raw.match(ONE) || [] : [term.raw]) add(found, term, known, raw);
  }
  return found;
}

function notUnderstood({ name, whole }) {
  const hint = name ? 'there is no such qualifier' : 'a search is made of qualifiers, such as type:invoice or failure:"timed out"';
  return `“${whole}” is not understood: ${hint}`;
}

function add(found, term, known, raw) {
  const name = term.sign + term.name;
  const value = unquote(raw);
  const read = known.read(value);
  if (read === null) {
    found.problems.push(`“${name}:${raw}”: expected ${known.expected}`);
    return;
  }
  const param = parameter(term.name, known, term.sign === '-', read);
  const isTaken = found.params[param] && !known.isMany && !known.isRepeated;
  if (isTaken) {
    found.problems.push(`“${name}:” is given twice`);
    return;
  }
  const sent = known.isField ? `${term.name}=${typed(raw, value)}` : read;
  const all = (found.params[param] ||= []);
  if (!all.includes(sent)) all.push(sent);
  (found.values[name] ||= []).push(read);
}

/** Within a job 42 and "42" differ, so the quotes of a text that could be a number stay. */
function typed(raw, value) {
  return raw[0] === '"' && TYPED.test(value) ? JSON.stringify(value) : value;
}

function terms(text) {
  return [...text.matchAll(TERM)].map(([whole, sign, name = '', raw]) => ({
    whole, raw, sign: name ? sign : '', name: /^(payload|metadata|requires)\./.test(name) ? name : name.toLowerCase(),
  }));
}

function unquote(raw) {
  return raw.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inner) => inner.replace(/\\(.)/g, '$1'));
}

/** A value as it must be written in a search. */
export function quote(value) {
  return /^[^\s",]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function written(name, list) {
  return `${name}:${list.map((one) => quote(name.endsWith('state') ? one.toLowerCase() : one)).join(',')}`;
}

/** The search with a qualifier set to these values, in its place; without any, it is left out. */
export function withValues(text, name, list) {
  const next = list.length ? [written(name, list)] : [];
  const kept = [];
  for (const term of terms(text)) {
    if (term.sign + term.name === name) kept.push(...next.splice(0));
    else kept.push(term.whole);
  }
  return [...kept, ...next].join(' ');
}

/** The search with times in place of those that it had. */
export function withSpan(text, kind, from, to) {
  const [since, before] = spanNames(kind);
  return withValues(withValues(text, since, [instant(from)]), before, [instant(to)]);
}

/** A search for jobs that were created, started or finished between two times. */
export function spanOf(kind, from, to) {
  return withSpan('', kind, from, to);
}

function spanNames(kind) {
  return kind === 'created' ? ['since', 'before'] : [`${kind}-since`, `${kind}-before`];
}

function instant(date) {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The filter of a bulk action, as the API takes it. */
export function selection({ params }) {
  const { sort, ...filter } = params;
  if (filter.ids && Object.keys(filter).length === 1) return { ids: filter.ids };
  const isList = (name) => ['state', 'not_state', 'queue', 'not_queue', 'type', 'not_type', 'group', 'ids', 'tag', 'failure', 'where'].includes(name);
  return { filter: Object.fromEntries(Object.entries(filter).map(([name, list]) => [name, isList(name) ? list : list[0]])) };
}

/** A filter of the API as a search. */
export function searchOf(filter) {
  const found = [];
  for (const [param, value] of Object.entries(filter)) {
    const list = [value].flat().filter((one) => one !== null && one !== undefined).map(String);
    if (param === 'where') found.push(...list.map((one) => one.replace('=', ':')));
    else if (param === 'tag') found.push(...list.map((one) => written('tag', [one])));
    else if (list.length) found.push(written(nameOf(param), list));
  }
  return found.join(' ');
}

/**
 * The possible endings of the term at the cursor.
 * @param {Object<string, string[]>} known values by qualifier
 * @returns {{from: number, to: number, options: {word: string, help: string}[]}}
 */
export function suggestions(text, cursor, known) {
  const from = text.lastIndexOf(' ', cursor - 1) + 1;
  const end = text.indexOf(' ', cursor);
  const to = end < 0 ? text.length : end;
  const [, sign, name, rest] = /^(-?)([^:]*)(:.*)?$/.exec(text.slice(from, cursor)) || [];
  if (rest === undefined) {
    const begun = (name || '').toLowerCase();
    const fitting = names().filter(([one]) => one.startsWith(begun) && (!sign || qualifier(one.slice(0, -1))?.not));
    return { from, to, options: fitting.map(([one, help]) => ({ word: sign + one, help: sign ? 'not ' + help : help })) };
  }
  const begun = rest.slice(Math.max(0, rest.lastIndexOf(',')) + 1).replace(/^"/, '').toLowerCase();
  const before = text.slice(from, cursor - begun.length).replace(/"$/, '');
  const all = qualifier(name.toLowerCase())?.known || known[name.toLowerCase()] || [];
  const options = all
    .filter((value) => value.toLowerCase().startsWith(begun) && value.toLowerCase() !== begun)
    .slice(0, SUGGESTED_MAX)
    .map((value) => ({ word: before + quote(value), help: '' }));
  return { from, to, options };
}

/** The search for jobs of a queue, a type or a group, for links from other pages. */
export function searchFor(values) {
  return Object.entries(values).map(([name, value]) => written(name, [value])).join(' ');
}
