// Pages and actions by their names; an id leads to its job.
import { html, useState } from '../vendor/preact.js';
import { boundKeys, press } from '../keys.js';
import { go } from '../route.js';
import { menu } from '../pages.js';
import { close } from './dialog.js';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NOT_OFFERED = new Set(['j', 'k', 'x', '?', 'mod+k']);

function entries() {
  const pages = menu().map(([name, page]) => ({ word: page.title, hint: `g ${page.key}`, run: () => go(name) }));
  const actions = boundKeys()
    .filter(([key]) => !NOT_OFFERED.has(key) && !key.startsWith('g '))
    .map(([key, label]) => ({ word: label, hint: key, run: () => press(key) }));
  return [...pages, ...actions];
}

export function Palette() {
  const [all] = useState(entries);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const found = ID.test(wanted)
    ? [{ word: `Job ${wanted}`, hint: '', run: () => go('job', { id: wanted }) }]
    : all.filter((one) => one.word.toLowerCase().includes(wanted));
  if (wanted && !ID.test(wanted)) found.push({ word: `Search jobs for ${text.trim()}`, hint: '', run: () => go('jobs', { q: text.trim() }) });
  const choose = (one) => {
    close();
    queueMicrotask(one.run); // once the dialog is gone, and before the next key
  };
  const onKeyDown = (event) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && found[at]) choose(found[at]);
    else return;
    event.preventDefault();
  };
  const onInput = (event) => {
    setText(event.target.value);
    setAt(0);
  };
  return html`<div class="body palette">
    <h2 id="dialog-title" class="hidden">Pages and actions</h2>
    <input type="search" autofocus value=${text} placeholder="a page, an action, or the id of a job" aria-label="page, action or id" role="combobox"
      aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${found[at] ? `palette-${at}` : undefined} onInput=${onInput} onKeyDown=${onKeyDown} />
    <ul id="palette-list" role="listbox" aria-label="found">${found.map((one, i) => html`
      <li key=${one.word} id=${`palette-${i}`} role="option" aria-selected=${String(i === at)} onClick=${() => choose(one)} onMouseMove=${() => setAt(i)}><span>${one.word}</span>${one.hint && html`<kbd>${one.hint}</kbd>`}</li>`)}</ul>
  </div>`;
}
