// Review: jobs that were interrupted and set aside. A person decides whether they go on.
import { html, useState } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link, change } from '../route.js';
import { may } from '../session.js';
import { member, members, pretty } from '../json.js';
import { count } from '../format.js';
import { Age, Answer, Bar, Button, Head, JobLink } from '../parts/basics.js';
import { act } from '../parts/toasts.js';
import { askMany } from '../parts/bulk.js';
import { Log } from '../parts/log.js';
import { Words, sentence } from '../parts/words.js';

const PAGE = 20;
const LAST_LINES = 4;

export function Page({ params }) {
  useTitle('Review');
  const after = params.get('after') || '';
  const list = useQuery(`/api/v1/jobs?state=INTERRUPTED&limit=${PAGE}${after ? `&after=${after}` : ''}`);
  const jobs = list.data?.jobs || [];
  const all = { filter: { state: ['INTERRUPTED'] } };
  return html`<${Head} title="Review" sub="interrupted jobs that wait for a decision">${may('operate') && jobs.length > 0 && html`
      <${Button} onClick=${() => askMany('resume', all)}>Resume all…<//><${Button} danger onClick=${() => askMany('discard', all)}>Discard all…<//>`}<//>
    <${Answer} query=${list} isEmpty=${jobs.length === 0} empty=${html`Nothing waits for a review. Jobs of a type whose recovery policy is <b>hold</b> come here when their process dies: you decide whether what they began may go on.`}>
      <ul class="reviews">${jobs.map((job) => html`<${Held} key=${job.id} job=${job} />`)}</ul>
      <div class="pager"><span>${count(jobs.length, 'job')} on this page</span>${after && html`<${Link} to="review">newest<//>`}${list.data?.next && html`<button type="button" class="plain" onClick=${() => change({ after: list.data.next })}>older</button>`}</div>
    <//>`;
}

/** One of them: what it had done, by its own words. */
function Held({ job }) {
  const [isOpen, setOpen] = useState(false);
  const base = `/api/v1/jobs/${job.id}`;
  const explain = useQuery(base + '/explain', { isStill: true });
  const logs = useQuery(`${base}/logs?limit=${LAST_LINES}`, { isStill: true });
  const saved = useQuery(base + '/checkpoints', { isStill: true });
  const checkpoints = saved.text ? members(member(saved.text, 'checkpoints') || '{}') : [];
  const lines = logs.data?.logs || [];
  return html`<li class="held">
    <div class="top"><span class="name"><b>${job.type}</b> <${JobLink} id=${job.id} /> <span class="dim">queue ${job.queue} · interrupted <${Age} at=${job.interrupted_at} /> · attempt ${job.attempt} of ${job.max_attempts}${job.crashes ? ` · ${count(job.crashes, 'crash', 'crashes')}` : ''}${job.lapses ? ` · ${count(job.lapses, 'lapse')}` : ''}</span></span>
      ${may('operate') && html`<span class="actions"><${Button} main onClick=${() => act(() => api.resume(job.id), 'It goes on.')}>Resume<//><${Button} danger onClick=${() => act(() => api.cancel(job.id), 'It was discarded.')}>Discard<//></span>`}</div>
    ${explain.data && html`<p class="second">${explain.data.reasons.slice(0, 2).map(({ code, text }) => html`<${Words} key=${code} text=${`${sentence(text)} `} />`)}</p>`}
    <div class="done">
      ${job.progress !== null && html`<p><${Bar} of=${100} value=${job.progress} />${job.progress} %${job.progress_message ? ` · ${job.progress_message}` : ''}</p>`}
      ${checkpoints.map(([name, state]) => html`<p key=${name}>saved as <b>${name}</b>: <code>${shortened(pretty(state), isOpen)}</code></p>`)}
      ${checkpoints.length === 0 && saved.data && html`<p class="dim">It saved nothing: it would begin again.</p>`}
      ${lines.length > 0 && html`<button type="button" class="plain" aria-expanded=${String(isOpen)} onClick=${() => setOpen(!isOpen)}>${isOpen ? 'hide its last lines' : `its last ${count(lines.length, 'line')}`}</button>`}
      ${isOpen && html`<${Log} lines=${lines} />`}
    </div>
  </li>`;
}

function shortened(text, isOpen) {
  const line = text.replace(/\s+/g, ' ');
  return isOpen || line.length < 120 ? line : line.slice(0, 120) + '…';
}
