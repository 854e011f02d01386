// Why a job is where it is, with the button that cures it.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { Link } from '../route.js';
import { may, seesAll } from '../session.js';
import { Button } from './basics.js';
import { act } from './toasts.js';
import { Words, sentence } from './words.js';

const NODES = { word: 'Show nodes', to: 'nodes' };
const QUEUES = { word: 'Show queues', to: 'queues' };

/** By the code of a reason: a button (run) or a link (to). */
function cureOf(code, job, signal) {
  const retry = { word: 'Retry', run: () => act(() => api.retry(job.id), 'It was put back into the queue.') };
  const cures = {
    QUEUE_PAUSED: { word: 'End the pause', run: () => act(() => api.resumeQueue(job.queue), `The queue ${job.queue} is served again.`), isOfAll: true },
    WAITS_FOR_REVIEW: { word: 'Resume', run: () => act(() => api.resume(job.id), 'It goes on.') },
    WAITS_FOR_TIME: { word: 'Run now', run: () => act(() => api.replace(job.id, { delay: '0s' }), 'It is due now.') },
    WAITS_FOR_SIGNAL: { word: 'Signal…', run: signal },
    HOLDER_DEAD: { word: 'Recover', run: () => act(() => api.recoverDead(), ({ data }) => `Recovered: ${data.count}.`), isOfAll: true },
    FAILED: retry,
    CANCELLED: retry,
    NO_NODE: NODES, NO_NODE_FOR_QUEUE: NODES, NO_HANDLER_FOR_TYPE: NODES, NO_CAPABILITY: NODES, NODES_DRAIN: NODES, NODES_BUSY: NODES,
    LIMIT_REACHED: QUEUES, RATE_LIMITED: QUEUES,
  };
  return cures[code];
}

/** @param {function(): void} signal opens the dialog that sends a signal */
export function Why({ job, reasons, signal }) {
  const all = new Map(reasons.map(({ code }) => [code, cureOf(code, job, signal)]));
  const cures = [...all.values()].filter(Boolean);
  const runs = cures.filter((cure) => cure.run && may('operate') && (!cure.isOfAll || seesAll()));
  const links = seesAll() ? cures.filter((cure) => cure.to) : [];
  const has = (code) => runs.includes(all.get(code)); // the button says it better
  const unique = [...new Map([...runs, ...links].map((cure) => [cure.word, cure])).values()];
  return html`<section class="note why" aria-label="why it is here"><div>
    ${reasons.map(({ code, text, advice }, i) => html`<p key=${code + i}>${i === 0 && html`<b>Why is it here?</b> `}<${Words} text=${sentence(text)} />${advice && !has(code) && html` <span class="advice"><${Words} text=${sentence(advice)} /></span>`}</p>`)}</div>
    ${unique.length > 0 && html`<div class="actions">${unique.map((cure) => (cure.run
      ? html`<${Button} key=${cure.word} onClick=${cure.run}>${cure.word}<//>`
      : html`<${Link} key=${cure.word} to=${cure.to} class="button">${cure.word}<//>`))}</div>`}
  </section>`;
}
