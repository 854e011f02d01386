// All keys that can be pressed on the page that is shown.
import { html } from '../vendor/preact.js';
import { useBoundKeys } from '../keys.js';
import { Button } from './basics.js';
import { close } from './dialog.js';

const NAMES = { 'mod+k': ['ctrl', 'k'], enter: ['enter'] };

export function Keys() {
  const all = [...useBoundKeys(), ['enter', 'Open the row']];
  return html`<div class="body">
    <h2 id="dialog-title">Keys</h2>
    <dl class="facts keys">${all.map(([key, label]) => html`<dt key=${key}>${(NAMES[key] || key.split(' ')).map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${label}</dd>`)}</dl>
    <div class="actions"><${Button} main onClick=${close}>Close<//></div>
  </div>`;
}
