// Overview: how the queue is, and what needs somebody.
import { html } from '../vendor/preact.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link, change } from '../route.js';
import { searchFor } from '../search.js';
import { WINDOWS, windowOf } from '../series.js';
import { MARKS, STATES } from '../states.js';
import { about, percent, seconds, since, title, whole } from '../format.js';
import { Answer, Bar, Head, Section, Switch } from '../parts/basics.js';
import { LastFailures } from '../parts/last-failures.js';
import { LastRecoveries } from '../parts/last-recoveries.js';
import { Plots } from '../parts/overview-plots.js';
import { Problems } from '../parts/problems.js';
import { Table } from '../parts/table.js';

const PLOT_EVERY_MS = 5000;
const STATUS_EVERY_MS = 2000;

export function Page({ params }) {
  useTitle('Overview');
  const window = windowOf(params);
  const status = useQuery('/api/v1/status', { every: STATUS_EVERY_MS });
  const stats = useQuery(`/api/v1/stats?window=${window}`, { every: PLOT_EVERY_MS });
  const times = useQuery(`/api/v1/stats/percentiles?window=${window}`, { every: PLOT_EVERY_MS });
  const queues = useQuery('/api/v1/queues', { every: PLOT_EVERY_MS });
  const choose = (next) => change({ window: next === '1h' ? null : next });
  return html`<${Head} title="Overview"><${Switch} label="how far back" options=${WINDOWS} value=${window} onChange=${choose} /><//>
    <${Answer} query=${status}>${status.data && html`
      <${Counts} counts=${status.data.status_counts} />
      <div class="problems"><${Problems} problems=${status.data.problems} /></div>
      <${Plots} key=${window} window=${window} />
      <div class="columns">
        <${LastFailures} />
        <${Nodes} nodes=${status.data.nodes} />
        <${Queues} queues=${queues.data?.queues || []} rates=${stats.data?.ended.by_queue || {}} />
        <${Types} times=${times.data?.types || []} rates=${stats.data?.ended.by_type || {}} />
        <${LastRecoveries} />
      </div>`}<//>`;
}

function Counts({ counts }) {
  return html`<ul class="counts" aria-label="jobs by state">${STATES.map((state) => html`
    <li key=${state}><${Link} to="jobs" params=${{ q: `state:${state.toLowerCase()}` }} title=${whole(counts[state])}><b>${about(counts[state])}</b><span class="state"><i class=${'mark-' + state.toLowerCase()} aria-hidden="true">${MARKS[state]}</i>${title(state)}</span><//></li>`)}</ul>`;
}

function Queues({ queues, rates }) {
  const columns = [
    { id: 'queue', title: 'Queue', phone: 'a', cell: (one) => html`<${Link} to="jobs" params=${{ q: searchFor({ queue: one.queue }) }}>${one.queue}<//>${one.paused && html` <span class="warn">paused</span>`}` },
    { id: 'pending', title: 'Pending', kind: 'right', phone: 'b', cell: (one) => whole(one.counts.PENDING) },
    { id: 'oldest', title: 'Oldest', kind: 'right', phone: 'd', cell: (one) => one.oldest_pending_at && html`<span class="second">${since(one.oldest_pending_at)}</span>` },
    { id: 'running', title: 'Running', kind: 'right', cell: (one) => html`${one.concurrency !== null && html`<${Bar} of=${one.concurrency} value=${one.counts.RUNNING} />`}${whole(one.counts.RUNNING)}${one.concurrency !== null ? `/${one.concurrency}` : ''}` },
    { id: 'failed', title: 'Failed', kind: 'right', phone: 'c', cell: (one) => share(rates[one.queue]) },
  ];
  return html`<${Section} title="Queues" aside=${html`<${Link} to="queues">all<//>`}>${queues.length === 0
    ? html`<p class="dim">There are none. The first job makes its queue: <code>holdfast enqueue --type mail</code></p>`
    : html`<${Table} label="queues" columns=${columns} rows=${queues.slice(0, 8)} keyOf=${(one) => one.queue} />`}<//>`;
}

function share(rates) {
  if (!rates || !rates.failed) return html`<span class="dim">–</span>`;
  return html`<span class=${rates.failure_rate > 0.2 ? 'bad' : ''}>${percent(rates.failure_rate)}</span>`;
}

/** The run times of each type; those that fail most come first. */
function Types({ times, rates }) {
  const rows = [...times].sort((a, b) => (rates[b.type]?.failed || 0) - (rates[a.type]?.failed || 0) || b.jobs - a.jobs).slice(0, 8);
  const columns = [
    { id: 'type', title: 'Type', phone: 'a', cell: (one) => html`<${Link} to="jobs" params=${{ q: searchFor({ type: one.type }) }}>${one.type}<//>` },
    { id: 'ended', title: 'Ended', kind: 'right', phone: 'b', cell: (one) => whole(one.jobs) },
    { id: 'failed', title: 'Failed', kind: 'right', phone: 'c', cell: (one) => share(rates[one.type]) },
    { id: 'p50', title: 'Run p50', kind: 'right', phone: 'd', cell: (one) => html`<span class="second">${seconds(one.p50_seconds)}</span>` },
    { id: 'p99', title: 'p99', kind: 'right', cell: (one) => html`<span class="second">${seconds(one.p99_seconds)}</span>` },
    { id: 'max', title: 'Longest', kind: 'right', cell: (one) => html`<span class="second">${seconds(one.max_seconds)}</span>` },
  ];
  return html`<${Section} title="Types that ended">${rows.length === 0 ? html`<p class="dim">None ended in this time.</p>` : html`<${Table} label="types" columns=${columns} rows=${rows} keyOf=${(one) => one.type} />`}<//>`;
}

function Nodes({ nodes }) {
  const columns = [
    { id: 'node', title: 'Node', phone: 'a', cell: (node) => html`<${Link} to="node" params=${{ id: node.id }}>${node.name}<//>` },
    { id: 'phase', title: 'Phase', phone: 'c', cell: (node) => html`<span class=${node.alive ? 'second' : 'bad'}>${node.alive ? node.phase : node.liveness}</span>` },
    { id: 'slots', title: 'Slots', phone: 'd', cell: (node) => (node.slots > 0 ? html`<${Bar} of=${node.slots} value=${node.running} />${node.running}/${node.slots}` : html`<span class="dim">none</span>`) },
    { id: 'heartbeat', title: 'Heartbeat', kind: 'right', phone: 'b', cell: (node) => html`<span class="second">${seconds(node.heartbeat_age_seconds)}</span>` },
  ];
  return html`<${Section} title="Nodes" aside=${html`<${Link} to="nodes">all<//>`}>${nodes.length === 0
    ? html`<p class="dim">No node serves this queue. Start one: <code>holdfast work</code></p>`
    : html`<${Table} label="nodes" columns=${columns} rows=${nodes.slice(0, 8)} keyOf=${(node) => node.id} />`}<//>`;
}
