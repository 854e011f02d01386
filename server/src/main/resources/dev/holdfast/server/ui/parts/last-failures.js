// Failures of the last day, by fingerprint.
import { html } from '../vendor/preact.js';
import { now, query as queryOf } from '../api.js';
import { useQuery } from '../hooks.js';
import { Link } from '../route.js';
import { instant, time, whole } from '../format.js';
import { Answer, Section } from './basics.js';
import { GroupLink } from './failure-groups.js';
import { Table } from './table.js';

const SHOWN = 8;
const EVERY_MS = 5000;
const DAY_MS = 86_400_000;

function lastDay() {
  return '/api/v1/failures' + queryOf({ since: new Date(now() - DAY_MS).toISOString(), muted: false, limit: SHOWN });
}

export function LastFailures() {
  const list = useQuery('/api/v1/failures#last-day', { every: EVERY_MS, asked: lastDay });
  const groups = list.data?.failures || [];
  const columns = [
    { id: 'type', title: 'Type', kind: 'name', phone: 'a', cell: (one) => one.type },
    { id: 'message', title: 'Message', kind: 'cut', phone: 'c', cell: (one) => html`<${GroupLink} group=${one} />` },
    { id: 'jobs', title: 'Jobs', kind: 'right', phone: 'b', cell: (one) => html`<b>${whole(one.jobs)}</b>` },
    { id: 'last', title: 'Last', kind: 'right', cell: (one) => html`<span class="second" title=${instant(one.last_at)}>${time(one.last_at)}</span>` },
  ];
  return html`<${Section} title="Failures of the last day" aside=${html`<${Link} to="failures">all<//>`}>
    <${Answer} query=${list} isEmpty=${groups.length === 0} empty=${html`<p class="dim">No job has failed for good.</p>`}><${Table} label="failures of the last day" columns=${columns} rows=${groups} keyOf=${(one) => one.fingerprint} /><//><//>`;
}
