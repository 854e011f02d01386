// Words about what was done, or was not.
import { html } from '../vendor/preact.js';
import { beat } from '../live.js';
import { Shared } from '../shared.js';

const SHOWN_MS = 5000;
const toasts = new Shared([]);
let next = 1;

function add(toast) {
  toasts.set([...toasts.get().slice(-2), toast]);
}

function remove(id) {
  toasts.set(toasts.get().filter((one) => one.id !== id));
}

/** Says that something was done. */
export function say(text) {
  const id = next++;
  add({ id, text });
  setTimeout(() => remove(id), SHOWN_MS);
}

/** Says that something failed; it stays until it is closed. */
export function complain(error) {
  add({ id: next++, text: error.message, isError: true });
}

/**
 * Does something, says what became of it, and reads the page again.
 * @param {function(): Promise} action
 * @param {string|function(*): string} done what is said then
 * @returns {Promise<*>} its answer; undefined if it failed
 */
export async function act(action, done) {
  try {
    const answer = await action();
    const text = typeof done === 'function' ? done(answer) : done;
    if (text) say(text);
    beat();
    return answer;
  } catch (error) {
    complain(error);
    beat();
    return undefined;
  }
}

export function Toasts() {
  const shown = toasts.use();
  return html`<div class="toasts" role="status" aria-live="polite">${shown.map((one) => html`
    <div key=${one.id} class=${'toast' + (one.isError ? ' error' : '')}><span>${one.text}</span><button type="button" aria-label="close" onClick=${() => remove(one.id)}>✕</button></div>`)}</div>`;
}
