// What the health of the queue tells to do, with a button where the console can do it.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { Link } from '../route.js';
import { may } from '../session.js';
import { capital } from '../format.js';
import { Button } from './basics.js';
import { confirm } from './dialog.js';
import { Words } from './words.js';

const recoverDead = {
  word: 'Recover',
  run: () => confirm({
    title: 'Recover what dead nodes left running?', verb: 'Recover', action: () => api.recoverDead(),
    text: 'Each job goes on, is set aside or fails, as the policy of its type says.', done: ({ data }) => `Recovered: ${data.count}.`,
  }),
};

/** By the code of a problem. */
const CURES = {
  'orphaned-jobs': [recoverDead],
  'node-dead': [recoverDead, { word: 'Nodes', to: 'nodes' }],
  'stuck-jobs': [
    { word: 'Show jobs', to: 'jobs', params: { q: 'state:running' } },
    { word: 'Recover', run: () => confirm({ title: 'Take jobs that run for more than 30 minutes from their nodes?', verb: 'Recover', danger: true, action: () => api.recoverStuck(), text: 'They go back into the queue and run again.', done: ({ data }) => `Recovered: ${data.count}.` }) },
  ],
  'jobs-to-review': [{ word: 'Review', to: 'review' }],
  'queues-paused': [{ word: 'Queues', to: 'queues' }],
  'dead-letters': [{ word: 'Failures', to: 'failures' }],
  'no-worker': [{ word: 'Nodes', to: 'nodes' }],
  'node-stale': [{ word: 'Nodes', to: 'nodes' }],
  'node-degraded': [{ word: 'Nodes', to: 'nodes' }],
  'node-drained': [{ word: 'Nodes', to: 'nodes' }],
  'handlers-unresponsive': [{ word: 'Nodes', to: 'nodes' }],
  'schedule-overdue': [{ word: 'Schedules', to: 'schedules' }],
  'alert-raised': [{ word: 'Alerts', to: 'alerts' }],
};

/** @param {{gravity: string, code: string, text: string, cure: string}[]} problems */
export function Problems({ problems }) {
  return problems.map((problem, i) => {
    const cures = (CURES[problem.code] || []).filter((cure) => cure.to || may('operate'));
    return html`<div key=${problem.code + i} class=${`note ${problem.gravity}`}>
      <div><${Words} text=${capital(problem.text)} />${cures.length === 0 && html`<span class="advice"> · <${Words} text=${problem.cure} /></span>`}</div>
      ${cures.length > 0 && html`<div class="actions">${cures.map((cure) => (cure.to
        ? html`<${Link} key=${cure.word} to=${cure.to} params=${cure.params} class="button">${cure.word}<//>`
        : html`<${Button} key=${cure.word} onClick=${cure.run}>${cure.word}<//>`))}</div>`}
    </div>`;
  });
}
