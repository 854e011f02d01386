// Columns of tables of jobs.
import { html } from '../vendor/preact.js';
import { between, coarse, duration, firstLine, since } from '../format.js';
import { instant } from '../format.js';
import { Bar, JobLink, State } from './basics.js';

/** From when it was due to when its attempt began; until now while it waits. */
function wait(job) {
  if (job.started_at) return duration(between(job.run_at, job.started_at));
  return job.state === 'PENDING' ? coarse(Math.max(0, between(job.run_at))) : '';
}

/** The run time of its last attempt, so far or in the end. */
function run(job) {
  if (!job.started_at) return '';
  if (job.state === 'RUNNING') return duration(between(job.started_at));
  const end = job.finished_at || job.interrupted_at;
  return end && end > job.started_at ? duration(between(job.started_at, end)) : '';
}

/** The most important fact, in a line: progress, why it failed, when it is due. */
export function Detail({ job }) {
  if (job.state === 'RUNNING' && job.progress !== null) {
    return html`<${Bar} of=${100} value=${job.progress} /><span class="second">${job.progress} %${job.progress_message ? ` · ${firstLine(job.progress_message)}` : ''}</span>`;
  }
  if (job.state === 'SCHEDULED' && !job.failure) return html`<span class="second">due in ${coarse(Math.max(0, -between(job.run_at)))}</span>`;
  return job.failure ? html`<span class="second">${firstLine(job.failure.message)}</span>` : '';
}

export const COLUMNS = [
  { id: 'job', title: 'Job', kind: 'tight', cell: (job) => html`<${JobLink} id=${job.id} />` },
  { id: 'type', title: 'Type', kind: 'name', phone: 'a', cell: (job) => html`<${JobLink} id=${job.id}><span class="sans">${job.type}</span><//>` },
  { id: 'state', title: 'State', kind: 'tight', phone: 'c', cell: (job) => html`<${State} state=${job.state} />` },
  { id: 'queue', title: 'Queue', kind: 'name', cell: (job) => html`<span class="second">${job.queue}</span>` },
  { id: 'age', title: 'Age', kind: 'right', phone: 'b', hint: (job) => instant(job.created_at), cell: (job) => html`<span class="second">${since(job.created_at)}</span>` },
  { id: 'wait', isWide: true, title: 'Wait', kind: 'right', cell: (job) => html`<span class="second">${wait(job)}</span>` },
  { id: 'run', title: 'Run', kind: 'right', cell: (job) => html`<span class="second">${run(job)}</span>` },
  { id: 'attempt', title: 'Attempt', kind: 'right', cell: (job) => `${job.attempt}/${job.max_attempts}` },
  { id: 'detail', title: 'Progress, failure', kind: 'cut', phone: 'd', hint: (job) => job.failure?.message || job.progress_message, cell: (job) => html`<${Detail} job=${job} />` },
];
