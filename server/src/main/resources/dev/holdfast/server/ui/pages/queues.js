// Queues: what waits in them, how they are served, and the limits of types.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { may } from '../session.js';
import { searchFor } from '../search.js';
import { useSeries } from '../series.js';
import { age, instant, percent, since, title, whole } from '../format.js';
import { Answer, Bar, Button, Head, Section } from '../parts/basics.js';
import { Field, Form, given, number, open } from '../parts/dialog.js';
import { Spark } from '../parts/spark.js';
import { Table } from '../parts/table.js';
import { act } from '../parts/toasts.js';
import { enqueueLike } from '../parts/job-forms.js';

const ORDERS = { PRIORITY: 'by priority', FIFO: 'oldest first', LIFO: 'newest first', WEIGHTED_RANDOM: 'at random, by weight', FAIR: 'groups in turn' };
const MINUTES = 5;

export function Page() {
  useTitle('Queues');
  const list = useQuery('/api/v1/queues');
  const stats = useQuery('/api/v1/stats', { every: 5000 });
  const limits = useQuery('/api/v1/limits', { every: 5000 });
  const rates = stats.data?.ended.by_queue || {};
  const hour = new Map((useSeries('1h', { by: 'queue' }).data?.series || []).map((one) => [one.queue, one]));
  const columns = [
    { id: 'queue', title: 'Queue', phone: 'a', cell: (one) => html`<${Link} to="jobs" params=${{ q: searchFor({ queue: one.queue }) }}>${one.queue}<//>${one.paused && html` <span class="warn" title=${`by ${one.paused_by}, ${age(one.paused_at)}, ${instant(one.paused_at)}`}>‖ paused</span>`}` },
    { id: 'pending', title: 'Pending', kind: 'right', phone: 'b', cell: (one) => whole(one.counts.PENDING) },
    { id: 'oldest', title: 'Oldest', kind: 'right', cell: (one) => one.oldest_pending_at && html`<span class="second">${since(one.oldest_pending_at)}</span>` },
    { id: 'running', title: 'Running', kind: 'right', cell: (one) => html`${one.concurrency !== null && html`<${Bar} of=${one.concurrency} value=${one.counts.RUNNING} />`}${whole(one.counts.RUNNING)}${one.concurrency !== null ? `/${one.concurrency}` : ''}` },
    { id: 'later', isWide: true, title: 'Scheduled', kind: 'right', cell: (one) => html`<span class="second">${whole(one.counts.SCHEDULED)}</span>` },
    { id: 'blocked', isWide: true, title: 'Blocked', kind: 'right', cell: (one) => html`<span class="second">${whole(one.counts.BLOCKED)}</span>` },
    { id: 'rate', isWide: true, title: 'Ended per min', kind: 'right', cell: (one) => html`<span class="second">${perMinute(hour.get(one.queue))}</span>` },
    { id: 'hour', isWide: true, title: 'Last hour', kind: 'tight', cell: (one) => html`<${Spark} values=${hour.get(one.queue)?.points.map(endedAt) || []} label="jobs ended in the last hour" />` },
    { id: 'failed', title: 'Failed', kind: 'right', cell: (one) => html`<span class=${rates[one.queue]?.failure_rate > 0.2 ? 'bad' : 'second'}>${rates[one.queue]?.failed ? percent(rates[one.queue].failure_rate) : '–'}</span>` },
    { id: 'served', title: 'Served', phone: 'c', cell: (one) => html`<span class="second">${servedHow(one)}<${Busy} queue=${one} /></span>` },
    { id: 'nodes', isWide: true, title: 'Nodes', kind: 'right', cell: (one) => html`<span class=${one.nodes === 0 ? 'bad' : 'second'}>${one.nodes}</span>` },
    may('operate') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => html`<${Actions} queue=${one} />` },
  ];
  return html`<${Head} title="Queues">${may('enqueue') && html`<${Button} onClick=${() => enqueueLike()}>New job…<//>`}<//>
    <${Answer} query=${list} isEmpty=${list.data?.queues.length === 0} empty=${html`No queue has a job yet. The first job makes its queue:<code>holdfast enqueue --queue mail --type welcome --payload '{"to": "ada@example.com"}'</code>`}>
      <${Table} label="queues" columns=${columns} rows=${list.data?.queues || []} keyOf=${(one) => one.queue} /><//>
    ${limits.data && html`<${Limits} limits=${limits.data.limits} types=${Object.keys({ ...stats.data?.depth.by_type, ...stats.data?.ended.by_type })} running=${stats.data?.depth.by_type || {}} />`}`;
}

function endedAt(point) {
  return point.completed + point.failed;
}

/** Over the last five whole minutes. */
function perMinute(series) {
  if (!series) return '–';
  const last = series.points.slice(-1 - MINUTES, -1);
  const ended = last.reduce((sum, point) => sum + endedAt(point), 0) / Math.max(1, last.length);
  return ended > 0 && ended < 10 ? ended.toFixed(1) : whole(Math.round(ended));
}

/** On a phone, what other columns say. */
function Busy({ queue }) {
  const most = queue.concurrency === null ? '' : `/${queue.concurrency}`;
  return html`<span class="phone-only"> · ${whole(queue.counts.RUNNING)}${most} running${queue.oldest_pending_at ? ` · oldest ${since(queue.oldest_pending_at)}` : ''}</span>`;
}

function servedHow(queue) {
  return [
    queue.manual ? 'by hand' : ORDERS[queue.order],
    queue.concurrency_per_group !== null && `${queue.concurrency_per_group} of each group at once`,
    queue.rate && `at most ${queue.rate}`,
    ...queue.field_indexes.filter((one) => !one.complete).map((one) => `${one.field} is being indexed${one.since ? `, ${age(one.since)} so far` : ''}`),
  ].filter(Boolean).join(' · ');
}

function Actions({ queue }) {
  const { queue: name, paused, manual } = queue;
  return html`
    ${manual && html`<${Button} label=${`Run next: ${name}`} onClick=${() => act(() => api.runNext(name), ({ data }) => data.message)}>Run next<//>`}
    ${paused
      ? html`<${Button} main label=${`resume the queue ${name}`} onClick=${() => act(() => api.resumeQueue(name), `The queue ${name} is served again.`)}>Resume<//>`
      : html`<${Button} label=${`pause the queue ${name}`} onClick=${() => act(() => api.pauseQueue(name), `The queue ${name} is paused: what runs goes on, nothing else begins.`)}>Pause<//>`}
    <${Button} label=${`settings of the queue ${name}`} onClick=${() => settings(queue)}>Settings…<//>`;
}

/** The settings of a queue; an empty field is no limit. */
function settings(queue) {
  const action = (form) => api.configureQueue(queue.queue, {
    order: form.get('order'),
    manual: form.get('manual') === 'on',
    concurrency: number(form, 'concurrency'),
    concurrency_per_group: number(form, 'concurrency_per_group'),
    rate: given(form, 'rate'),
  });
  open(() => html`<${Form} title=${`Queue ${queue.queue}`} verb="Save" action=${action} done=${`The queue ${queue.queue} is served so from now on.`}>
    <${Field} label="Order"><select name="order">${Object.entries(ORDERS).map(([order, words]) => html`<option key=${order} value=${order} selected=${order === queue.order}>${title(order)} – ${words}</option>`)}</select><//>
    <div class="fields">
      <${Field} label="At once, on all nodes" help="empty: no limit"><input type="number" name="concurrency" min="0" value=${queue.concurrency ?? ''} /><//>
      <${Field} label="At once of each group" help="empty: no limit"><input type="number" name="concurrency_per_group" min="1" value=${queue.concurrency_per_group ?? ''} /><//>
      <${Field} label="Rate" help="such as 100/1s; empty: no limit"><input type="text" name="rate" value=${queue.rate ?? ''} /><//>
    </div>
    <div class="checks"><label><input type="checkbox" name="manual" checked=${queue.manual} /> only by hand: a job runs when somebody says so</label></div>
  <//>`);
}

function Limits({ limits, types, running }) {
  const rows = Object.entries(limits).map(([type, most]) => ({ type, most }));
  const columns = [
    { id: 'type', title: 'Type', phone: 'a', cell: (one) => html`<${Link} to="jobs" params=${{ q: searchFor({ type: one.type }) }}>${one.type}<//>` },
    { id: 'running', title: 'Running', phone: 'c', cell: (one) => html`<${Bar} of=${one.most} value=${running[one.type]?.RUNNING || 0} />${running[one.type]?.RUNNING || 0}/${one.most}` },
    { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => may('operate') && html`<${Button} label=${`change the limit of ${one.type}`} onClick=${() => limit(one, types)}>Change…<//><${Button} danger label=${`remove the limit of ${one.type}`} onClick=${() => act(() => api.limitType(one.type, null), `${one.type} has no limit any more.`)}>Remove<//>` },
  ];
  return html`<${Section} title="Limits of types" aside=${may('operate') && html`<button type="button" class="plain" onClick=${() => limit(null, types)}>add a limit</button>`}>
    ${rows.length === 0 ? html`<p class="dim">No type is limited: of each, as many run at once as there are slots.</p>` : html`<${Table} label="limits of types" columns=${columns} rows=${rows} keyOf=${(one) => one.type} />`}<//>`;
}

function limit(one, types) {
  const action = (form) => api.limitType(given(form, 'type') || '', number(form, 'most'));
  open(() => html`<${Form} title=${one ? `Limit of ${one.type}` : 'Limit a type'} verb="Save" action=${action} done="The limit holds from now on.">
    <div class="fields"><${Field} label="Type"><input type="text" name="type" value=${one?.type || ''} readonly=${Boolean(one)} required list="types" /><datalist id="types">${types.map((type) => html`<option key=${type} value=${type} />`)}</datalist><//>
    <${Field} label="At once, on all nodes"><input type="number" name="most" min="1" value=${one?.most ?? ''} required /><//></div>
  <//>`);
}
