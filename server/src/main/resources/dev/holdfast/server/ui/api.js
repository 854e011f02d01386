// All that the console asks of the server: the public REST API, nothing else.

/** The root of the server, including the path that a proxy puts before it. */
const ROOT = new URL('..', import.meta.url);

/** A refusal of the server, with its reason. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

let signedOut = () => {};
let reached = () => {};
let clockOffset = 0;

/** Calls this when the server no longer knows who asks. */
export function onSignedOut(listener) {
  signedOut = listener;
}

/** Calls this after each request: with false if nobody answered, or only a proxy did. */
export function onReach(listener) {
  reached = listener;
}

/** The time of the server, by which ages are told, in milliseconds. */
export function now() {
  return Date.now() + clockOffset;
}

/** The address of a path of the API, for links and streams. */
export function address(path) {
  return new URL(path.replace(/^\//, ''), ROOT).href;
}

/** A query string of those parameters that are given; an array gives its parameter several times. */
export function query(params) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== '') given.append(name, one);
    }
  }
  const text = given.toString();
  return text ? '?' + text : '';
}

/**
 * Makes a request.
 * @param {*} [body] sent as JSON; a string is JSON already
 * @returns {Promise<{data: *, text: string}>} the answer, and its text to the letter
 * @throws {Problem} if the server refused it, or could not be reached (status 0)
 */
export async function call(method, path, body, signal) {
  const options = { method, signal, credentials: 'same-origin', headers: { Accept: 'application/json' } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = typeof body === 'string' ? body : JSON.stringify(body);
  }
  let response;
  let text;
  try {
    response = await fetch(address(path), options);
    text = await response.text();
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    reached(false);
    throw new Problem(0, 'unreachable', 'The server does not answer.');
  }
  if (isOfProxy(response)) {
    reached(false);
    throw new Problem(0, 'unreachable', `The server does not answer: a proxy before it says ${response.status}.`);
  }
  reached(true);
  noteClock(response);
  if (response.ok) return { data: text && isJson(response) ? JSON.parse(text) : null, text };
  const problem = problemOf(response, text);
  if (problem.status === 401) signedOut();
  throw problem;
}

function isJson(response) {
  return (response.headers.get('Content-Type') || '').includes('json');
}

/** The server itself explains what it refuses, in JSON. */
function isOfProxy(response) {
  return [502, 503, 504].includes(response.status) && !isJson(response);
}

function problemOf(response, text) {
  if (isJson(response)) {
    const { code, detail, message } = JSON.parse(text);
    return new Problem(response.status, code || 'refused', detail || message || 'It was refused.');
  }
  return new Problem(response.status, 'refused', `The server answered ${response.status}.`);
}

/** The header Date has whole seconds, so only a greater difference counts. */
function noteClock(response) {
  const told = Date.parse(response.headers.get('Date') || '');
  if (!Number.isNaN(told)) {
    const difference = told + 500 - Date.now();
    clockOffset = Math.abs(difference) > 2000 ? difference : 0;
  }
}

const get = (path) => call('GET', path);
const post = (path, body) => call('POST', path, body);
const name = encodeURIComponent;

/** The actions of the console; each is one route. */
export const api = {
  session: () => call('GET', '/api/v1/session'),
  signIn: (token) => post('/api/v1/session', { token }),
  signOut: () => call('DELETE', '/api/v1/session'),

  job: (id) => get(`/api/v1/jobs/${name(id)}`),
  enqueue: (job) => post('/api/v1/jobs', job),
  cancel: (id) => post(`/api/v1/jobs/${name(id)}/cancel`),
  retry: (id) => post(`/api/v1/jobs/${name(id)}/retry`),
  retryFrom: (id, step) => post(`/api/v1/jobs/${name(id)}/retry?from=${name(step)}`),
  resume: (id) => post(`/api/v1/jobs/${name(id)}/resume`),
  remove: (id) => call('DELETE', `/api/v1/jobs/${name(id)}`),
  replace: (id, json) => call('PATCH', `/api/v1/jobs/${name(id)}`, json),
  signal: (id, json) => post(`/api/v1/jobs/${name(id)}/signal`, json),
  bulk: (request) => post('/api/v1/jobs/bulk', request),
  retryFailures: (fingerprint) => post(`/api/v1/failures/${name(fingerprint)}/retry`),
  deleteFailures: (fingerprint) => call('DELETE', `/api/v1/failures/${name(fingerprint)}`),
  muteFailures: (fingerprint, time) => post(`/api/v1/failures/${name(fingerprint)}/mute`, time),
  unmuteFailures: (fingerprint) => call('DELETE', `/api/v1/failures/${name(fingerprint)}/mute`),
  cancelOperation: (id) => post(`/api/v1/bulk-operations/${name(id)}/cancel`),
  recoverDead: () => post('/api/v1/jobs/recover-dead'),
  recoverStuck: () => post('/api/v1/jobs/recover-stuck'),

  pauseQueue: (queue) => post(`/api/v1/queues/${name(queue)}/pause`),
  resumeQueue: (queue) => post(`/api/v1/queues/${name(queue)}/resume`),
  runNext: (queue) => post(`/api/v1/queues/${name(queue)}/run-next`),
  configureQueue: (queue, change) => call('PATCH', `/api/v1/queues/${name(queue)}`, change),
  limitType: (type, concurrency) => call('PUT', `/api/v1/limits/${name(type)}`, { concurrency }),

  quietNode: (id) => post(`/api/v1/nodes/${name(id)}/quiet`),
  startNode: (id) => post(`/api/v1/nodes/${name(id)}/start`),
  stopNode: (id) => post(`/api/v1/nodes/${name(id)}/stop`),

  runSchedule: (schedule) => post(`/api/v1/schedules/${name(schedule)}/run`),
  pauseSchedule: (schedule) => post(`/api/v1/schedules/${name(schedule)}/pause`),
  resumeSchedule: (schedule) => post(`/api/v1/schedules/${name(schedule)}/resume`),
  putSchedule: (schedule, json) => call('PUT', `/api/v1/schedules/${name(schedule)}`, json),
  removeSchedule: (schedule) => call('DELETE', `/api/v1/schedules/${name(schedule)}`),

  createWebhook: (webhook) => post('/api/v1/webhooks', webhook),
  changeWebhook: (id, change) => call('PATCH', `/api/v1/webhooks/${name(id)}`, change),
  removeWebhook: (id) => call('DELETE', `/api/v1/webhooks/${name(id)}`),
  rotateSecret: (id) => post(`/api/v1/webhooks/${name(id)}/rotate-secret`),
  testWebhook: (id) => post(`/api/v1/webhooks/${name(id)}/test`),
  redeliver: (id, delivery) => post(`/api/v1/webhooks/${name(id)}/deliveries/${delivery}/redeliver`),

  putAlert: (alert, rule) => call('PUT', `/api/v1/alerts/${name(alert)}`, rule),
  removeAlert: (alert) => call('DELETE', `/api/v1/alerts/${name(alert)}`),
  createToken: (token) => post('/api/v1/tokens', token),
  revokeToken: (token) => call('DELETE', `/api/v1/tokens/${name(token)}`),

  backup: (request) => post('/api/v1/maintenance/backup', request),
  checkIntegrity: () => post('/api/v1/maintenance/integrity-check'),
  cleanup: (ages) => post('/api/v1/maintenance/cleanup', ages),
  checkpoint: () => post('/api/v1/maintenance/checkpoint'),
  analyze: () => post('/api/v1/maintenance/analyze'),
  vacuum: () => post('/api/v1/maintenance/vacuum'),
};
