// The words before a colon in a search: what each finds, and which parameter of the API it becomes.
import { STATES } from './states.js';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const KINDS = ['ERROR', 'NOT_RETRYABLE', 'TIMEOUT', 'CRASH_LOOP', 'CRASH', 'LEASE_LOST', 'PAYLOAD', 'OPERATOR', 'SIGNAL'];
const SORTS = ['created', 'finished', 'run_at'];
const AGES = ['15m', '1h', '6h', '24h', '7d'];
const FIELD = /^(payload|metadata|requires)\.[^\s:=]+$/;

/** Whether a word is the whole id of a job. */
export function isId(word) {
  return ID.test(word);
}

const text = (value) => value;
const words = (all) => (value) => all.find((one) => one.toLowerCase() === value.toLowerCase()) ?? null;

/** 3, >1, >=2, <5, <=5, 2..5 of what the pattern describes. */
function range(pattern) {
  const whole = new RegExp(`^(?:(?:[<>]=?)?${pattern}|${pattern}\\.\\.${pattern})$`);
  return (value) => (whole.test(value) ? value : null);
}

/** An age, or a date and time, in the reader's zone unless it names one. */
function time(value) {
  if (DURATION.test(value)) return value;
  const at = new Date(DAY.test(value) ? `${value}T00:00` : value);
  return /^\d{4}-/.test(value) && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

const NUMBERS = { read: range('\\d+'), expected: 'a number such as 3, >1 or 2..5' };
const LENGTHS = { read: range('(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+'), expected: 'a time such as >5s or 1m..5m' };
const TIMES = { read: time, expected: 'how long ago, such as 2h, or a time such as 2026-11-30T09:00', known: AGES };

/**
 * param: the parameter of GET /jobs. isMany: one of several values, with commas between.
 * isRepeated: each of several values. not: the parameter for those that are not so.
 * read: the value that is sent; null if it is none. known: values to suggest. help: what it finds.
 */
const QUALIFIERS = {
  state: { param: 'state', not: 'not_state', isMany: true, help: 'in one of these states', read: words(STATES), known: STATES.map((one) => one.toLowerCase()), expected: 'one of ' + STATES.join(', ').toLowerCase() },
  queue: { param: 'queue', not: 'not_queue', isMany: true, help: 'in one of these queues', read: text },
  type: { param: 'type', not: 'not_type', isMany: true, help: 'of one of these types', read: text },
  group: { param: 'group', isMany: true, help: 'of one of these groups', read: text },
  tag: { param: 'tag', isRepeated: true, help: 'with this tag', read: text },
  failure: { param: 'failure', help: 'of this kind, or with this in its message', read: text, known: KINDS },
  since: { param: 'since', help: 'created since then', ...TIMES },
  before: { param: 'until', help: 'created before then', ...TIMES },
  took: { param: 'run', help: 'that ran so long', ...LENGTHS },
  wait: { param: 'wait', help: 'that waited so long to run', ...LENGTHS },
  attempts: { param: 'attempts', help: 'with so many attempts', ...NUMBERS },
  crashes: { param: 'crashes', help: 'whose process died so often', ...NUMBERS },
  priority: { param: 'priority', help: 'with this priority', read: range('-?\\d+'), expected: NUMBERS.expected },
  key: { param: 'key', help: 'with this idempotency key', read: text },
  node: { param: 'worker', help: 'that ran on this node', read: text },
  by: { param: 'created_by', help: 'enqueued by', read: text },
  schedule: { param: 'schedule', help: 'made by this schedule', read: text },
  'finished-since': { param: 'finished_since', help: 'ended since then', ...TIMES },
  'finished-before': { param: 'finished_until', help: 'ended before then', ...TIMES },
  'started-since': { param: 'started_since', help: 'begun since then', ...TIMES },
  'started-before': { param: 'started_until', help: 'begun before then', ...TIMES },
  'due-since': { param: 'run_since', help: 'due since then', ...TIMES },
  'due-before': { param: 'run_until', help: 'due before then', ...TIMES },
  sort: { param: 'sort', help: 'in this order', read: words(SORTS), known: SORTS, expected: 'one of ' + SORTS.join(', ') },
  id: { param: 'ids', isMany: true, help: 'with this id', read: (value) => (ID.test(value) ? value.toLowerCase() : null), expected: 'the whole id of a job' },
};

/** Fields within a job are qualifiers with a path. */
const FIELDS = { 'payload.': 'with this in its payload', 'metadata.': 'with this in its metadata', 'requires.': 'that needs this of a node' };

/** The qualifier of this name; null if there is none. */
export function qualifier(name) {
  if (FIELD.test(name)) return { param: 'where', isField: true, isRepeated: true, read: text };
  return Object.hasOwn(QUALIFIERS, name) ? QUALIFIERS[name] : null;
}

/** All names, each with a word of help; what follows a colon begins there. */
export function names() {
  return [...Object.entries(QUALIFIERS).map(([name, { help }]) => [name + ':', help]), ...Object.entries(FIELDS)];
}

/** The parameter that a value goes to: failures are of a kind, or have a text. */
export function parameter(name, { param, not }, isNegated, value) {
  if (name === 'failure' && !KINDS.includes(value)) return 'failure_text';
  if (name === 'node' && ID.test(value)) return 'node';
  return isNegated ? not : param;
}

/** The qualifier that a parameter of a filter came from, for texts about it. */
export function nameOf(param) {
  if (param === 'failure_text') return 'failure';
  if (param === 'node') return 'node';
  for (const [name, one] of Object.entries(QUALIFIERS)) {
    if (one.param === param) return name;
    if (one.not === param) return '-' + name;
  }
  return param;
}
