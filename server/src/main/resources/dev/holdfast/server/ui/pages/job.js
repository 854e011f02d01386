// A job: what it is, why it is where it is, and all that belongs to it.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { useKey } from '../keys.js';
import { Link, go } from '../route.js';
import { may, seesAll } from '../session.js';
import { searchFor } from '../search.js';
import { fits, isWaiting } from '../states.js';
import { between, count, duration, instant } from '../format.js';
import { member, members } from '../json.js';
import { Age, Answer, Bar, Button, Copy, Facts, Section, State, Tabs } from '../parts/basics.js';
import { confirm } from '../parts/dialog.js';
import { Graph } from '../parts/graph.js';
import { History } from '../parts/history.js';
import { Json, Text } from '../parts/json-view.js';
import { Log } from '../parts/log.js';
import { Steps } from '../parts/steps.js';
import { TimeLine } from '../parts/time-line.js';
import { Why } from '../parts/why.js';
import { act } from '../parts/toasts.js';
import { changeJob, enqueueLike, signalJob } from '../parts/job-forms.js';

const LOG_LINES = 500;

export function Page({ params }) {
  const id = params.get('id') || '';
  const about = { about: (event) => event.id === id || event.event !== 'job' };
  const base = `/api/v1/jobs/${encodeURIComponent(id)}`;
  const query = useQuery(base, about);
  const parts = {
    explain: useQuery(base + '/explain', about),
    events: useQuery(base + '/events', about),
    logs: useQuery(`${base}/logs?limit=${LOG_LINES}`, about),
    checkpoints: useQuery(base + '/checkpoints', about),
    steps: useQuery(base + '/steps', about),
    predecessors: useQuery(base + '/predecessors', about),
    dependents: useQuery(base + '/dependents', about),
    nodes: useQuery(seesAll() ? '/api/v1/nodes' : null, { every: 30_000 }),
  };
  useTitle(query.data ? `${query.data.type} ${id.slice(-4)}` : 'Job');
  if (query.error?.status === 404) {
    return html`<div class="head"><h1>Job</h1></div><p class="empty">There is no job ${id}. It may have been deleted, or removed by retention. <${Link} to="jobs">Show all jobs<//></p>`;
  }
  return html`<${Answer} query=${query}>${query.data && html`<${Shown} job=${query.data} text=${query.text} parts=${parts} params=${params} />`}<//>`;
}

function Shown({ job, text, parts, params }) {
  const names = new Map((parts.nodes.data?.nodes || []).map((node) => [node.id, node.name]));
  if (job.node && job.worker) names.set(job.node, job.worker);
  const nameOfNode = (by) => names.get(by) || (by.length === 36 ? `node ${by.slice(0, 8)}` : by);
  const reasons = parts.explain.data?.reasons || [];
  const lines = parts.logs.data?.logs || [];
  return html`<div class="head job-head"><h1 tabindex="-1">${job.type}</h1><span class="sub mono">${job.id} <${Copy} text=${job.id} /></span><${Actions} job=${job} text=${text} /></div>
    <p class="line-of-facts">
      <${State} state=${job.state} />
      <span>queue ${seesAll() ? html`<${Link} to="jobs" params=${{ q: searchFor({ queue: job.queue }) }}>${job.queue}<//>` : job.queue}</span>
      <span>attempt ${job.attempt} of ${job.max_attempts}${job.crashes > 0 ? html`, <b class="bad">${job.crashes === 1 ? '1 crash' : `${job.crashes} crashes`}</b>` : ''}${job.lapses > 0 ? html`, <b class="warn" title="its node fell silent while it ran">${job.lapses === 1 ? '1 lapse' : `${job.lapses} lapses`}</b>` : ''}</span>
      <span>priority ${job.priority}</span>
      ${job.group && html`<span>group <${Link} to="jobs" params=${{ q: searchFor({ group: job.group }) }}>${job.group}<//></span>`}
      ${job.progress !== null && html`<span>progress ${job.progress} %${job.progress_message ? ` · ${job.progress_message}` : ''} <${Bar} of=${100} value=${job.progress} /></span>`}
    </p>
    ${reasons.length > 0 && html`<${Why} job=${job} reasons=${reasons} signal=${() => signalJob(job)} />`}
    ${parts.events.data && html`<${Section} title="Time line"><${TimeLine} events=${parts.events.data.events} nameOfNode=${nameOfNode} /><//>`}
    <${Belongings} job=${job} text=${text} parts=${parts} params=${params} nameOfNode=${nameOfNode} />
    ${lines.length > 0 && html`<${Section} title="Log" aside=${lines.length === LOG_LINES ? `the newest ${LOG_LINES} lines` : count(lines.length, 'line')}><${Log} lines=${lines} isGrowing=${job.state === 'RUNNING'} /><//>`}`;
}

function Actions({ job, text }) {
  const isAllowed = may('operate');
  const can = (action) => isAllowed && fits(action, job.state);
  const retry = () => act(() => api.retry(job.id), 'It was put back into the queue.');
  const cancel = () => confirm({
    title: `Cancel this ${job.type}?`, verb: 'Cancel it', danger: true, action: () => api.cancel(job.id), done: 'It was cancelled.',
    text: job.state === 'RUNNING' ? 'It runs now: its handler is told to stop, and nothing that it does counts any more.' : 'It will not run. Jobs that wait for it are cancelled too, unless they say otherwise.',
  });
  const remove = () => confirm({
    title: `Delete this ${job.type}?`, verb: 'Delete it', danger: true, done: 'It was deleted.', text: 'Its history and its log go with it.',
    action: async () => {
      await api.remove(job.id);
      go('jobs', {}, { replace: true });
    },
  });
  useKey('r', 'Retry', can('retry') ? retry : null);
  useKey('c', 'Cancel', can('cancel') ? cancel : null);
  return html`<div class="actions">
    ${can('resume') && html`<${Button} main onClick=${() => act(() => api.resume(job.id), 'It goes on.')}>Resume<//>`}
    ${can('retry') && html`<${Button} onClick=${retry}>Retry<//>`}
    ${isAllowed && !['COMPLETED', 'FAILED', 'CANCELLED'].includes(job.state) && html`<${Button} onClick=${() => signalJob(job)}>Signal…<//>`}
    ${isAllowed && isWaiting(job.state) && html`<${Button} onClick=${() => changeJob(job, text)}>Change…<//>`}
    ${may('enqueue') && html`<${Button} onClick=${() => enqueueLike(job, text)}>Copy as new…<//>`}
    ${can('cancel') && html`<${Button} danger onClick=${cancel}>Cancel…<//>`}
    ${can('delete') && html`<${Button} danger onClick=${remove}>Delete…<//>`}
  </div>`;
}

/** The tabs: only those that have something to show. */
function Belongings({ job, text, parts, params, nameOfNode }) {
  const raw = (name) => {
    const found = member(text, name);
    return found === 'null' ? null : found;
  };
  const checkpoints = parts.checkpoints.text ? members(member(parts.checkpoints.text, 'checkpoints') || '{}') : [];
  const events = parts.events.data?.events || [];
  const steps = parts.steps.data?.steps || [];
  const retryFrom = may('operate') && fits('retry', job.state) ? (step) => act(() => api.retryFrom(job.id, step), `It was put back to ${step}.`) : null;
  const before = parts.predecessors.data?.predecessors || [];
  const after = parts.dependents.data?.jobs || [];
  const tabs = [
    job.failure && ['failure', 'Failure', null, () => html`<${FailureOf} failure=${job.failure} />`],
    ['payload', 'Payload', null, () => html`<${Json} text=${member(text, 'payload') ?? 'null'} label="payload" />`],
    raw('result') && ['result', 'Result', null, () => html`<${Json} text=${raw('result')} label="result" />`],
    raw('metadata') && ['metadata', 'Metadata', null, () => html`<${Json} text=${raw('metadata')} label="metadata" />`],
    checkpoints.length && ['checkpoints', 'Checkpoints', checkpoints.length, () => checkpoints.map(([name, state]) => html`<h3 key=${name}>${name}</h3><${Json} text=${state} label=${`checkpoint ${name}`} />`)],
    steps.length && ['steps', 'Steps', steps.length, () => html`<${Steps} steps=${steps} retryFrom=${retryFrom} />`],
    ['events', 'History', events.length, () => html`<${History} events=${events} nameOfNode=${nameOfNode} />`],
    before.length + after.length && ['graph', 'Depends on', before.length + after.length, () => html`<${Graph} job=${job} before=${before} after=${after} isCut=${Boolean(parts.dependents.data?.next)} />`],
  ].filter(Boolean);
  const chosen = tabs.find(([key]) => key === params.get('tab')) || tabs[0];
  return html`<div class="belongings"><div>
    <${Tabs} label="what belongs to it" page="job" params=${{ id: job.id }} name="tab" value=${chosen[0]} tabs=${tabs} />
    <div class="tab">${chosen[3]()}</div></div>
    <${FactsOf} job=${job} /></div>`;
}

function FailureOf({ failure }) {
  return html`<p class="failure"><b class="bad">${failure.kind}</b> ${failure.message}</p>${failure.trace && html`<${Text} text=${failure.trace} label="stack trace" />`}`;
}

function FactsOf({ job }) {
  const search = (values, word) => html`<${Link} to="jobs" params=${{ q: searchFor(values) }}>${word}<//>`;
  const trace = job.metadata?.traceparent?.split('-')[1];
  return html`<${Facts} rows=${[
    ['type', search({ type: job.type }, job.type)],
    ['created', html`<${Age} at=${job.created_at} />${job.created_by ? ` by ${job.created_by}` : ''}`],
    ['due', job.run_at !== job.created_at && html`<${Age} at=${job.run_at} />`],
    ['started', job.started_at && html`<${Age} at=${job.started_at} />`],
    ['ran', job.started_at && job.finished_at && job.finished_at > job.started_at && duration(between(job.started_at, job.finished_at))],
    ['finished', job.finished_at && html`<${Age} at=${job.finished_at} />`],
    ['interrupted', job.interrupted_at && html`<${Age} at=${job.interrupted_at} />`],
    ['worker', job.worker && `${job.worker} · process ${job.process_id} on ${job.host}`],
    ['time-out', job.timeout_seconds !== null && duration(job.timeout_seconds * 1000)],
    ['key', job.key && html`<code>${job.key}</code>`],
    ['tags', job.tags.length > 0 && job.tags.map((tag) => html`<span class="tag" key=${tag}>${tag}</span>`)],
    ['requires', job.requires && html`<code>${Object.entries(job.requires).map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ')}</code>`],
    ['trace', trace && html`<code>${trace}</code>`],
    ['version', job.payload_version !== 1 && `payload ${job.payload_version}`],
    ['fencing token', html`<span title=${instant(job.updated_at)}>${job.token}</span>`],
  ]} />`;
}
