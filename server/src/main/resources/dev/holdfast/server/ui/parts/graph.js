// Whom a job waits for, and who waits for it: a small graph of three columns.
import { html } from '../vendor/preact.js';
import { JobLink, State } from './basics.js';

function Node({ id, type, state, note }) {
  return html`<li><${JobLink} id=${id}><span class="sans">${type}</span><//> <${State} state=${state} />${note && html`<small class="dim">${note}</small>`}</li>`;
}

/** @param {boolean} isCut whether there are more dependents than are shown */
export function Graph({ job, before, after, isCut }) {
  return html`<div class="graph">
    <div><h3>${before.length ? 'Waits for' : 'Waits for none'}</h3><ul class="from">${before.map((one) => html`<${Node} key=${one.id} ...${one} note=${one.if_failed === 'RUN' ? 'runs even if this fails' : ''} />`)}</ul></div>
    <div class="self"><b>${job.type}</b> <${State} state=${job.state} /></div>
    <div><h3>${after.length ? 'Waits for it' : 'None waits for it'}</h3><ul class="to">${after.map((one) => html`<${Node} key=${one.id} ...${one} />`)}</ul>${isCut && html`<p class="dim">and more</p>`}</div>
  </div>`;
}
