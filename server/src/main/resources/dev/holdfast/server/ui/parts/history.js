// What happened to a job, event by event.
import { html } from '../vendor/preact.js';
import { instant } from '../format.js';
import { State } from './basics.js';
import { Table } from './table.js';
import { Words } from './words.js';

export function History({ events, nameOfNode }) {
  const columns = [
    { id: 'at', title: 'At', kind: 'tight', phone: 'b', cell: (event) => html`<time class="second" datetime=${event.at}>${instant(event.at)}</time>` },
    { id: 'to', title: 'Became', kind: 'tight', phone: 'a', cell: (event) => html`<${State} state=${event.to} />` },
    { id: 'why', title: 'Why', phone: 'c', cell: (event) => html`<${Words} text=${event.why} />${event.failure && html`<div class="second">${event.failure.kind}: ${event.failure.message}</div>`}` },
    { id: 'by', title: 'By', kind: 'tight', phone: 'd', cell: (event) => html`<span class="second">${event.by ? nameOfNode(event.by) : ''}</span>` },
    { id: 'attempt', title: 'Attempt', kind: 'right', cell: (event) => event.attempt || '' },
  ];
  return html`<${Table} label="history" columns=${columns} rows=${events.map((event, i) => ({ ...event, i }))} keyOf=${(event) => String(event.i)} />`;
}
