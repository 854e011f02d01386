// The newest recoveries: whose death, how it was noticed, and what became of its jobs.
import { html } from '../vendor/preact.js';
import { query as queryOf } from '../api.js';
import { useQuery } from '../hooks.js';
import { count, instant, seconds, time, whole } from '../format.js';
import { Answer, Section } from './basics.js';
import { Table } from './table.js';

const SHOWN = 8;
const EVERY_MS = 5000;
const CAUSES = { CRASH: 'its process died', LAPSE: 'it fell silent', STRAY: 'rows without a node' };

/** The outcome for the jobs of a node that died. */
function outcome(one) {
  return [
    one.resumed && `${whole(one.resumed)} resumed`, one.returned && `${whole(one.returned)} returned`, one.held && `${whole(one.held)} set aside`,
    one.failed && `${whole(one.failed)} failed`, one.crash_loops && `${whole(one.crash_loops)} in a crash loop`,
  ].filter(Boolean).join(', ') || count(one.jobs, 'job');
}

export function LastRecoveries() {
  const list = useQuery('/api/v1/recoveries' + queryOf({ limit: SHOWN }), { every: EVERY_MS });
  const recoveries = list.data?.recoveries || [];
  const columns = [
    { id: 'at', title: 'At', kind: 'tight', phone: 'b', cell: (one) => html`<time class="second" datetime=${one.at} title=${instant(one.at)}>${time(one.at)}</time>` },
    { id: 'node', title: 'Node', phone: 'a', cell: (one) => html`<span title=${one.node}>${one.node_name || one.node.slice(0, 8)}</span>` },
    { id: 'cause', title: 'Cause', phone: 'c', cell: (one) => html`<span class="second" title=${one.why}>${CAUSES[one.cause]}</span>` },
    { id: 'noticed', title: 'Noticed in', kind: 'right', cell: (one) => html`<span class="second">${seconds(one.noticed_after_seconds) || '–'}</span>` },
    { id: 'jobs', title: 'Jobs', phone: 'd', cell: (one) => html`<span class="second">${outcome(one)}</span>` },
  ];
  return html`<${Section} title="Recoveries">
    <${Answer} query=${list} isEmpty=${recoveries.length === 0} empty=${html`<p class="dim">No node has died, and none has fallen silent.</p>`}><${Table} label="recoveries" columns=${columns} rows=${recoveries} keyOf=${(one) => String(one.number)} /><//><//>`;
}
