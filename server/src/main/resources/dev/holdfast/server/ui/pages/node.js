// A node: how it is, what its duties do, and what runs there.
import { html } from '../vendor/preact.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { may } from '../session.js';
import { duration, instant, seconds, title, whole } from '../format.js';
import { Age, Answer, Facts, Section } from '../parts/basics.js';
import { COLUMNS } from '../parts/job-columns.js';
import { Table } from '../parts/table.js';
import { NodeActions, Phase, Slots } from './nodes.js';

const JOBS_MAX = 200; // of those that run, looked through for this node's

export function Page({ params }) {
  const id = params.get('id') || '';
  const list = useQuery('/api/v1/nodes');
  const running = useQuery(`/api/v1/jobs?state=RUNNING&limit=${JOBS_MAX}`);
  const node = list.data?.nodes.find((one) => one.id === id);
  useTitle(node ? node.name : 'Node');
  const jobs = (running.data?.jobs || []).filter((job) => job.node === id);
  return html`<${Answer} query=${list} isEmpty=${!node} empty=${html`This node has ended. <${Link} to="nodes">Show those that are here<//>`}>${node && html`
    <div class="head"><h1 tabindex="-1">${node.name}</h1><span class="sub mono">${node.id}</span>${may('operate') && html`<div class="actions"><${NodeActions} node=${node} /></div>`}</div>
    <${Facts} rows=${[
      ['phase', html`<${Phase} node=${node} />`],
      ['slots', html`<${Slots} node=${node} />`],
      ['heartbeat', `${seconds(node.heartbeat_age_seconds)} ago`],
      ['started', html`<${Age} at=${node.started_at} /> <span class="dim">${instant(node.started_at, { millis: false })}</span>`],
      ['process', `${node.process_id} on ${node.host}`],
      ['version', node.version],
      ['queues', node.queues.length ? node.queues.join(', ') : 'all'],
      ['types', node.types.length ? node.types.join(', ') : 'none'],
      ['capabilities', Object.keys(node.capabilities).length > 0 && html`<code>${Object.entries(node.capabilities).map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ')}</code>`],
    ]} />
    <${Section} title="What runs there now" aside=${running.data?.next ? `of the newest ${JOBS_MAX} that run` : ''}>${jobs.length === 0 ? html`<p class="dim">Nothing.</p>` : html`<${Table} label="jobs that run there" columns=${COLUMNS} rows=${jobs} keyOf=${(job) => job.id} />`}<//>
    ${node.duties.length > 0 && html`<${Section} title="Duties"><${Duties} duties=${node.duties} /><//>`}
    <${Section} title="Counted since it started"><${Facts} rows=${Object.entries(node.counts).map(counted)} /><//>`}<//>`;
}

/** A counter in words; the longest time to notice a death is a time. */
function counted([name, n]) {
  return name === 'noticed_millis_max' ? ['slowest death noticed in', n ? duration(n) : '–'] : [title(name).toLowerCase(), whole(n)];
}

function Duties({ duties }) {
  const columns = [
    { id: 'duty', title: 'Duty', phone: 'a', cell: (duty) => duty.name },
    { id: 'ran', title: 'Ran', kind: 'tight', phone: 'b', cell: (duty) => html`<${Age} at=${duty.ran_at} />` },
    { id: 'failures', title: 'Failed in a row', kind: 'right', cell: (duty) => (duty.failures ? html`<b class="bad">${duty.failures}</b>` : html`<span class="dim">–</span>`) },
    { id: 'error', title: 'Last error', phone: 'c', cell: (duty) => html`<span class="bad">${duty.error || ''}</span>` },
  ];
  return html`<${Table} label="duties" columns=${columns} rows=${duties} keyOf=${(duty) => duty.name} />`;
}
