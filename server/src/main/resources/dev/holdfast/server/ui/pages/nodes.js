// Nodes: the processes that serve the queue, and what they are told to do.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { may } from '../session.js';
import { seconds, since } from '../format.js';
import { Answer, Bar, Button, Head } from '../parts/basics.js';
import { confirm } from '../parts/dialog.js';
import { Table } from '../parts/table.js';
import { act } from '../parts/toasts.js';

export function Page() {
  useTitle('Nodes');
  const list = useQuery('/api/v1/nodes');
  const nodes = list.data?.nodes || [];
  const columns = [
    { id: 'node', title: 'Node', phone: 'a', cell: (node) => html`<${Link} to="node" params=${{ id: node.id }}>${node.name}<//>` },
    { id: 'phase', title: 'Phase', phone: 'c', cell: (node) => html`<${Phase} node=${node} /><span class="phone-only"> · <${Slots} node=${node} /></span>` },
    { id: 'slots', title: 'Slots', kind: 'tight', cell: (node) => html`<${Slots} node=${node} />` },
    { id: 'serves', title: 'Serves', cell: (node) => html`<span class="second">${serves(node)}</span>` },
    { id: 'where', title: 'Process', cell: (node) => html`<span class="second">${node.process_id} on ${node.host}</span>` },
    { id: 'version', isWide: true, title: 'Version', cell: (node) => html`<span class="second">${node.version}</span>` },
    { id: 'up', isWide: true, title: 'Up', kind: 'right', cell: (node) => html`<span class="second">${since(node.started_at)}</span>` },
    { id: 'heartbeat', title: 'Heartbeat', kind: 'right', phone: 'b', cell: (node) => html`<span class=${node.alive ? 'second' : 'bad'}>${seconds(node.heartbeat_age_seconds)}</span>` },
    may('operate') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (node) => html`<${NodeActions} node=${node} />` },
  ];
  return html`<${Head} title="Nodes" sub="processes, by their heartbeats" />
    <${Answer} query=${list} isEmpty=${nodes.length === 0} empty=${html`No node serves this queue. Start one:<code>holdfast work</code>`}>
      <${Table} label="nodes" columns=${columns} rows=${nodes} keyOf=${(node) => node.id} /><//>`;
}

/** The phase of a node, and its command while it has not followed it yet. */
export function Phase({ node }) {
  const told = { drain: 'told to be quiet', stop: 'told to stop' }[node.order];
  const failing = node.duties.filter((duty) => duty.failures > 0).length;
  return html`<span class=${node.alive ? '' : 'bad'}>${node.alive ? node.phase : `✕ ${node.liveness}`}</span>${told && html` <span class="warn">${told}</span>`}${failing > 0 && html` <span class="bad">${failing} ${failing === 1 ? 'duty fails' : 'duties fail'}</span>`}`;
}

export function Slots({ node }) {
  if (node.slots === 0) return html`<span class="dim">none</span>`;
  return html`<${Bar} of=${node.slots} value=${node.running} />${node.running}/${node.slots}${node.unresponsive > 0 && html` <span class="bad">${node.unresponsive} unresponsive</span>`}`;
}

function serves({ queues, types }) {
  if (types.length === 0) return 'no jobs: it keeps the queue going';
  const some = types.length > 4 ? `${types.slice(0, 4).join(', ')} and ${types.length - 4} more` : types.join(', ');
  return `${some}${queues.length ? ` in ${queues.join(', ')}` : ''}`;
}

export function NodeActions({ node }) {
  const { id, name, order } = node;
  const stop = () => confirm({
    title: `Stop ${name}?`, verb: 'Stop it', danger: true, action: () => api.stopNode(id), done: `${name} was told to stop.`,
    text: 'It claims no more, lets its jobs end for its grace period, gives the others back, and its process ends.',
  });
  return html`${order === 'run'
      ? html`<${Button} label=${`quiet ${name}`} onClick=${() => act(() => api.quietNode(id), `${name} claims no more; what runs goes on.`)}>Quiet<//>`
      : html`<${Button} main label=${`start ${name}`} onClick=${() => act(() => api.startNode(id), `${name} claims jobs again.`)}>Start<//>`}
    ${order !== 'stop' && html`<${Button} danger label=${`stop ${name}`} onClick=${stop}>Stop…<//>`}`;
}
