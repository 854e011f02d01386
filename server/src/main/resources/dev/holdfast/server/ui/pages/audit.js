// Audit: what operators and administrators did, and tried to do.
import { html } from '../vendor/preact.js';
import { query as queryOf } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { Link } from '../route.js';
import { count, instant } from '../format.js';
import { Answer, Head } from '../parts/basics.js';
import { Words } from '../parts/words.js';
import { Table } from '../parts/table.js';

const PAGE = 100;
const NAMED_MAX = 3;

export function Page({ params }) {
  useTitle('Audit');
  const before = params.get('before') || '';
  const list = useQuery('/api/v1/audit' + queryOf({ before, limit: PAGE }));
  const columns = [
    { id: 'at', title: 'At', kind: 'tight', phone: 'b', cell: (one) => html`<time class="second" datetime=${one.at}>${instant(one.at, { millis: false })}</time>` },
    { id: 'who', title: 'Who', kind: 'tight', phone: 'a', cell: (one) => html`<b>${one.who}</b>` },
    { id: 'what', title: 'What', phone: 'c', cell: (one) => html`<code>${one.what.replace('/api/v1', '')}</code>` },
    { id: 'targets', title: 'On', phone: 'd', cell: (one) => html`<span class="second">${targets(one)}</span>` },
    { id: 'status', title: 'Answer', kind: 'right', cell: (one) => html`<span class=${one.status < 400 ? 'good' : 'bad'}>${one.status}</span>` },
  ];
  return html`<${Head} title="Audit" sub="what operators and administrators did, through any server" />
    <${Answer} query=${list} isEmpty=${list.data?.records.length === 0} empty=${before ? 'There is nothing older.' : 'Nobody has done anything yet that is written down.'}>
      <${Table} label="audit" columns=${columns} rows=${list.data?.records || []} keyOf=${(one) => String(one.number)} />
      <div class="pager"><span>newest first · ${PAGE} a page</span>${before && html`<${Link} to="audit">newest<//>`}${list.data?.next && html`<${Link} to="audit" params=${{ before: list.data.next }}>older<//>`}</div><//>`;
}

function targets(one) {
  const named = one.targets.slice(0, NAMED_MAX);
  const more = one.count - named.length;
  return html`${named.map((target, i) => html`${i > 0 && ', '}${one.what.includes('/jobs') ? html`<${Words} text=${target} />` : target}`)}${more > 0 ? ` and ${count(more, 'other')}` : ''}`;
}
