// The steps of a job: what it has done once, and what it waits for.
import { html } from '../vendor/preact.js';
import { between, duration, instant, time } from '../format.js';
import { Button } from './basics.js';
import { Json } from './json-view.js';
import { Table } from './table.js';

const KINDS = { WORK: 'work', SLEEP: 'sleep', SIGNAL: 'signal', JOBS: 'jobs' };

function end(step) {
  if (step.finished_at) return duration(between(step.started_at, step.finished_at));
  return step.until ? html`waits until <time datetime=${step.until}>${instant(step.until)}</time>` : 'waits';
}

/** @param retryFrom puts the job back to a step; null if that cannot be done */
export function Steps({ steps, retryFrom }) {
  const columns = [
    { id: 'name', title: 'Step', kind: 'tight', phone: 'a', cell: (step) => html`<b>${step.name}</b> <span class="second">${KINDS[step.kind]}</span>` },
    { id: 'at', title: 'Started', kind: 'tight', phone: 'b', cell: (step) => html`<time class="second" datetime=${step.started_at} title=${instant(step.started_at)}>${time(step.started_at)}</time>` },
    { id: 'took', title: 'Took', kind: 'tight', phone: 'c', cell: end },
    { id: 'attempt', title: 'Attempt', kind: 'right', cell: (step) => step.attempt },
    { id: 'result', title: 'Result', phone: 'd', cell: (step) => step.result !== null && html`<${Json} text=${JSON.stringify(step.result)} label=${`result of ${step.name}`} />` },
    retryFrom && { id: 'act', title: '', kind: 'tight', cell: (step) => html`<${Button} label=${`Retry from here: ${step.name}`} title="Forgets this step and the later ones" onClick=${() => retryFrom(step.name)}>Retry from here<//>` },
  ].filter(Boolean);
  return html`<${Table} label="steps" columns=${columns} rows=${steps} keyOf=${(step) => String(step.position)} />`;
}
