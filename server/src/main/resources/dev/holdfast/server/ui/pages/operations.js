// Bulk operations: what was done to many jobs, by whom, and how far it is.
import { html } from '../vendor/preact.js';
import { api } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { may } from '../session.js';
import { searchOf } from '../search.js';
import { ACTIONS } from '../states.js';
import { between, duration, whole } from '../format.js';
import { Age, Answer, Button, Head } from '../parts/basics.js';
import { confirm } from '../parts/dialog.js';
import { Table } from '../parts/table.js';

const STATES = { RUNNING: ['running', '◐ running'], DONE: ['completed', '● done'], CANCELLED: ['cancelled', '⊘ cancelled'] };

export function Page() {
  useTitle('Operations');
  const list = useQuery('/api/v1/bulk-operations');
  const operations = list.data?.operations || [];
  const columns = [
    { id: 'action', title: 'Operation', phone: 'a', cell: (one) => html`<b>${ACTIONS[one.action]?.verb || one.action}</b>${one.queue ? ` to ${one.queue}` : ''}${one.priority !== null ? ` to ${one.priority}` : ''}<span class="phone-only"> · <${Jobs} filter=${one.filter} /></span>` },
    { id: 'filter', title: 'Jobs', kind: 'cut', cell: (one) => html`<${Jobs} filter=${one.filter} />` },
    { id: 'state', title: 'State', kind: 'tight', phone: 'b', cell: (one) => html`<span class=${'mark-' + STATES[one.state][0]}>${STATES[one.state][1]}</span>` },
    { id: 'done', title: 'Done', kind: 'right', phone: 'c', cell: (one) => whole(one.done) },
    { id: 'left', title: 'Left alone', kind: 'right', cell: (one) => html`<span class="second">${whole(one.left_alone)}</span>` },
    { id: 'by', title: 'Asked by', kind: 'tight', cell: (one) => one.by },
    { id: 'at', title: 'Begun', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.created_at} /></span>` },
    { id: 'took', isWide: true, title: 'Took', kind: 'right', cell: (one) => html`<span class="second">${duration(between(one.created_at, one.finished_at))}</span>` },
    may('operate') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => one.state === 'RUNNING' && html`<${Button} danger label=${`cancel the operation of ${one.by}`} onClick=${() => stop(one)}>Cancel…<//>` },
  ];
  return html`<${Head} title="Operations" sub="actions on more than 1,000 jobs" />
    <${Answer} query=${list} isEmpty=${operations.length === 0} empty=${html`Nobody has changed more than 1,000 jobs at once. Search for <${Link} to="jobs">jobs<//>, choose all that match, and what you do to them is listed here.`}>
      <${Table} label="operations" columns=${columns} rows=${operations} keyOf=${(one) => one.id} /><//>`;
}

function Jobs({ filter }) {
  const search = searchOf(filter);
  return search ? html`<${Link} to="jobs" params=${{ q: search }} class="mono" title=${search}>${search}<//>` : 'all';
}

function stop(operation) {
  confirm({
    title: 'Cancel the rest of this operation?', verb: 'Cancel it', danger: true, action: () => api.cancelOperation(operation.id),
    text: 'What was done stays done.', done: 'It touches no more jobs.',
  });
}
