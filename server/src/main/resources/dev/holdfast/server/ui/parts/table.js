// Tables that can be walked through with keys, and whose rows can be chosen.
import { html, useRef } from '../vendor/preact.js';
import { useKey } from '../keys.js';

/**
 * A table. On a phone each row takes two lines: a column says by `phone` where it stands there:
 * a and b begin and end the first line, c and d the second; the others are left out.
 *
 * @param {{id: string, title: string, cell: function(object): *, kind?: string, phone?: string, isWide?: boolean}[]} columns
 *     kind: right, tight, cut, actions; isWide: left out where the window is narrow
 * @param {object[]} rows
 * @param {function(object): string} keyOf
 * @param {{ids: Set<string>, toggle: function(string[], boolean): void}} [choice] which rows are chosen
 */
export function Table({ label, columns, rows, keyOf, choice, isFresh = () => false }) {
  const body = useRef(null);
  const focused = () => document.activeElement?.closest?.('tr[data-key]');
  const step = (by) => {
    const all = [...(body.current?.querySelectorAll('tr[data-key]') || [])];
    const at = all.indexOf(focused());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKey('j', 'Next row', () => step(1));
  useKey('k', 'Row before', () => step(-1));
  useKey('x', 'Choose the row', choice && (() => {
    const key = focused()?.dataset.key;
    if (key) choice.toggle([key], !choice.ids.has(key));
  }));
  const onKeyDown = (event) => {
    if (event.key === 'Enter' && event.target.matches('tr')) event.target.querySelector('a')?.click();
  };
  const shown = columns.filter(Boolean);
  return html`<table class=${'table' + (choice ? ' choosable' : '')} role="table">
    <caption class="hidden">${label}</caption>
    <thead role="rowgroup"><tr role="row">
      ${choice && html`<th class="choose" scope="col" role="columnheader"><${ChooseAll} rows=${rows} keyOf=${keyOf} choice=${choice} /></th>`}
      ${shown.map((column) => html`<th key=${column.id} scope="col" role="columnheader" class=${classOf(column)}>${column.title || html`<span class="hidden">${column.id}</span>`}</th>`)}
    </tr></thead>
    <tbody ref=${body} onKeyDown=${onKeyDown} role="rowgroup">${rows.map((row) => {
      const key = keyOf(row);
      const isChosen = choice?.ids.has(key);
      const kind = [isChosen && 'chosen', isFresh(row) && 'fresh'].filter(Boolean).join(' ');
      return html`<tr key=${key} data-key=${key} class=${kind} tabindex="-1" role="row">
        ${choice && html`<td class="choose" role="cell"><input type="checkbox" checked=${isChosen} aria-label=${'choose ' + key} onChange=${(event) => choice.toggle([key], event.target.checked)} /></td>`}
        ${shown.map((column) => html`<td key=${column.id} role="cell" class=${`${classOf(column)} phone-${column.phone || 'none'}`} data-name=${column.title.toLowerCase()} title=${column.hint?.(row)}>${column.cell(row)}</td>`)}
      </tr>`;
    })}</tbody>
  </table>`;
}

function classOf({ kind = '', isWide }) {
  return isWide ? `${kind} wide` : kind;
}

function ChooseAll({ rows, keyOf, choice }) {
  const keys = rows.map(keyOf);
  const chosen = keys.filter((key) => choice.ids.has(key)).length;
  const isAll = chosen === keys.length && chosen > 0;
  return html`<input type="checkbox" aria-label="choose all rows of this page" checked=${isAll} indeterminate=${chosen > 0 && !isAll} disabled=${keys.length === 0} onChange=${() => choice.toggle(keys, !isAll)} />`;
}
