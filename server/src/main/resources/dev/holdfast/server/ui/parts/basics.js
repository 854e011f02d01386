// Small things that every page uses.
import { html, useRef, useState } from '../vendor/preact.js';
import { MARKS } from '../states.js';
import { age, instant, short, title } from '../format.js';
import { Link } from '../route.js';

/** A job's state: its mark and its word. */
export function State({ state, word = title(state) }) {
  return html`<span class="state"><i class=${'mark-' + state.toLowerCase()} aria-hidden="true">${MARKS[state]}</i>${word}</span>`;
}

/** The age of something, with the exact time on request. */
export function Age({ at }) {
  return at ? html`<time datetime=${at} title=${instant(at)}>${age(at)}</time>` : html`<span class="dim">–</span>`;
}

/** The id of a job, short, leading to it. */
export function JobLink({ id, children }) {
  return html`<${Link} to="job" params=${{ id }} class="mono" title=${id}>${children || short(id)}<//>`;
}

/** A button. While what it does goes on, it does not do it a second time. */
export function Button({ onClick, danger, main, disabled, label, title: hint, children, type = 'button' }) {
  const isBusy = useRef(false);
  const kind = ['button', danger && 'danger', main && 'main'].filter(Boolean).join(' ');
  const run = async (event) => {
    if (isBusy.current || event.detail > 1) return; // a second click in a row may meet another button
    isBusy.current = true;
    try {
      await onClick(event);
    } finally {
      isBusy.current = false;
    }
  };
  return html`<button type=${type} class=${kind} onClick=${onClick && run} disabled=${disabled} aria-label=${label} title=${hint}>${children}</button>`;
}

/** A bar filled to a share, with a label next to it. */
export function Bar({ of, value, children }) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  const style = { width: `${Math.round(share * 100)}%` };
  return html`<span class=${'bar' + (share >= 1 ? ' full' : '')} aria-hidden="true"><i style=${style}></i></span>${children}`;
}

export function Section({ title: name, aside, children }) {
  return html`<section class="section"><header><h2>${name}</h2>${aside && html`<span class="aside">${aside}</span>`}</header>${children}</section>`;
}

/** The head of a page: its name, and what can be done. */
export function Head({ title: name, sub, children }) {
  return html`<div class="head"><h1 tabindex="-1">${name}${sub && html`<span class="sub">${sub}</span>`}</h1>${children && html`<div class="actions">${children}</div>`}</div>`;
}

/** Pairs of names and values; empty values are left out. */
export function Facts({ rows }) {
  const isThere = ([, value]) => value !== null && value !== undefined && value !== '' && value !== false;
  return html`<dl class="facts">${rows.filter(isThere).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Whether nobody answered, which the page says in one place; see lost.js. */
function isSilence(error) {
  return error.status === 0;
}

/** The message of an answer that failed; nothing if it did not. */
export function Trouble({ error }) {
  return error && !isSilence(error) && html`<div class="note error" role="alert"><div>${error.message}</div></div>`;
}

/** The content, or the reason why there is none: an error, an answer that is awaited, an empty list. */
export function Answer({ query, isEmpty, empty, children }) {
  if (!query.data) {
    if (query.error && !isSilence(query.error)) return html`<${Trouble} error=${query.error} />`;
    return html`<p class="waiting" role="status">${query.error ? 'waiting for the server …' : 'reading …'}</p>`;
  }
  return html`<${Trouble} error=${query.error} />${isEmpty ? html`<div class="empty">${empty}</div>` : children}`;
}

/** Copies a text; on plain http the browser offers no clipboard, so an old way is left. */
export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  (document.querySelector('dialog[open]') || document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('The browser did not let the text be copied.');
}

export function Copy({ text, label = 'copy' }) {
  const [word, setWord] = useState('');
  const onClick = async () => {
    try {
      await copy(text);
      setWord('copied');
    } catch (refused) {
      setWord('not copied');
    }
    setTimeout(() => setWord(''), 1500);
  };
  return html`<button type="button" class="plain copy" onClick=${onClick} aria-live="polite">${word || label}</button>`;
}

/** A choice of a few, of which one holds. */
export function Switch({ label, options, value, onChange }) {
  return html`<div class="switch" role="group" aria-label=${label}>${options.map(([key, word, spoken]) => html`
    <button type="button" key=${key} aria-pressed=${String(key === value)} aria-label=${spoken} title=${spoken} onClick=${() => onChange(key)}>${word}</button>`)}</div>`;
}

/** Tabs whose choice stands in the address. */
export function Tabs({ label, page, params, name, value, tabs }) {
  return html`<nav class="tabs" aria-label=${label}>${tabs.map(([key, word, n]) => html`
    <${Link} key=${key} to=${page} params=${{ ...params, [name]: key }} aria-current=${key === value ? 'true' : undefined}>${word}${n ? html`<span>${n}</span>` : ''}<//>`)}</nav>`;
}
