// Jobs: a search, the jobs that it finds, and what can be done to many of them.
import { html, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { query as queryOf } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { useKey } from '../keys.js';
import { Link, change } from '../route.js';
import { may, seesAll } from '../session.js';
import { parse, selection, withValues } from '../search.js';
import { WINDOWS, windowOf } from '../series.js';
import { MARKS, STATES } from '../states.js';
import { count, title, whole } from '../format.js';
import { Answer, Switch } from '../parts/basics.js';
import { BulkButtons, useBulkKeys } from '../parts/bulk.js';
import { Facets, matches, useFacets } from '../parts/facets.js';
import { COLUMNS } from '../parts/job-columns.js';
import { Histogram } from '../parts/job-histogram.js';
import { SearchBox } from '../parts/search-box.js';
import { Table } from '../parts/table.js';
import { useSteady } from '../parts/steady.js';

const PAGE = 50;

export function Page({ params }) {
  useTitle('Jobs');
  const text = params.get('q') || '';
  const after = params.get('after') || '';
  const window = windowOf(params);
  const search = parse(text);
  const isRead = search.problems.length === 0;
  const path = isRead ? '/api/v1/jobs' + queryOf({ ...search.params, after, limit: PAGE }) : null;
  const list = useQuery(path);
  const facets = useFacets(isRead ? search.params : null).data;
  const choice = useChoice(path);
  const steady = useSteady(list.data?.jobs, path, choice.ids.size > 0);
  const known = useKnown(steady.rows);
  const onWindow = (next) => change({ window: next === '1h' ? null : next });
  const onSearch = (q) => change({ q, after: null });

  return html`<div class="head jobs-head"><h1>Jobs</h1><${SearchBox} value=${text} known=${known} onSearch=${onSearch} /></div>
    ${seesAll() && html`<${Histogram} text=${text} values=${search.values} window=${window} aside=${html`<${Switch} label="how far back the bars go" options=${WINDOWS} value=${window} onChange=${onWindow} />`} />`}
    <${States} text=${text} chosen=${search.values.state || []} />
    ${search.problems.map((problem) => html`<div class="note error" role="alert" key=${problem}><div>${problem}</div></div>`)}
    <div class="found"><${Facets} text=${text} values=${search.values} facets=${facets} />
    <div>${path && html`<${Many} rows=${steady.rows} choice=${choice} search=${search} next=${list.data?.next} facets=${facets} />
      <${Answer} query=${list} isEmpty=${list.data?.jobs.length === 0 && !list.data.next} empty=${html`<${Nothing} text=${text} after=${after} />`}>
        ${steady.waiting > 0 && html`<p class="newer"><button type="button" class="plain" onClick=${steady.show}>show ${count(steady.waiting, 'newer job')}</button></p>`}
        <div ...${steady.pointer}><${Table} label="jobs" columns=${COLUMNS} rows=${steady.rows} keyOf=${(job) => job.id} choice=${may('operate') ? choice : null} isFresh=${steady.isFresh} /></div>
        <${Cut} list=${list.data} />
        <${Pager} text=${text} after=${after} next=${list.data?.next} sort=${search.params.sort?.[0]} />
      <//>`}</div></div>`;
}

/** The rows that are chosen; all that match is more than one page shows. */
function useChoice(of) {
  const [state, setState] = useState({ of, ids: new Set(), isAll: false });
  const now = state.of === of ? state : { of, ids: new Set(), isAll: false };
  const toggle = (keys, is) => {
    const ids = new Set(now.ids);
    for (const key of keys) is ? ids.add(key) : ids.delete(key);
    setState({ of, ids, isAll: false });
  };
  return {
    ids: now.ids,
    isAll: now.isAll,
    toggle,
    all: () => setState({ ...now, isAll: true }),
    clear: () => setState({ of, ids: new Set(), isAll: false }),
  };
}

/** Values to suggest: of the whole queue where they may be seen, else of the jobs on this page. */
function useKnown(rows) {
  const queues = useQuery(seesAll() ? '/api/v1/queues' : null, { every: 60_000 });
  const stats = useQuery(seesAll() ? '/api/v1/stats' : null, { every: 60_000 });
  const nodes = useQuery(seesAll() ? '/api/v1/nodes' : null, { every: 60_000 });
  const unique = (some) => [...new Set(some.filter(Boolean))].sort();
  return {
    queue: unique([...(queues.data?.queues || []).map((one) => one.queue), ...rows.map((job) => job.queue)]),
    type: unique([...Object.keys(stats.data?.depth.by_type || {}), ...Object.keys(stats.data?.ended.by_type || {}), ...rows.map((job) => job.type)]),
    group: unique(rows.map((job) => job.group)),
    tag: unique(rows.flatMap((job) => job.tags)),
    node: unique([...(nodes.data?.nodes || []).map((one) => one.name), ...rows.map((job) => job.worker)]),
    by: unique(rows.map((job) => job.created_by)),
  };
}

/** A line of the eight states, to show one or several; in narrow windows, in place of the facets. */
function States({ text, chosen }) {
  const line = useRef(null);
  // on a phone the line is longer than the window
  useLayoutEffect(() => line.current.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [text]);
  const toggled = (state) => withValues(text, 'state', chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state]);
  return html`<nav class="states" ref=${line} aria-label="states">
    <${Link} to="jobs" params=${{ q: withValues(text, 'state', []) }} aria-current=${chosen.length ? undefined : 'true'}>All<//>
    ${STATES.map((state) => html`<${Link} key=${state} to="jobs" params=${{ q: toggled(state) }} aria-current=${chosen.includes(state) ? 'true' : undefined}><i class=${'mark-' + state.toLowerCase()} aria-hidden="true">${MARKS[state]}</i>${title(state)}<//>`)}
  </nav>`;
}

/** The number of rows that are chosen, or of all that match, and the actions on them. */
function Many({ rows, choice, search, next, facets }) {
  const isAllowed = may('operate');
  const isChosen = isAllowed && choice.ids.size > 0;
  const isWhole = rows.length > 0 && choice.ids.size === rows.length;
  const chosen = choice.isAll ? selection(search) : { ids: [...choice.ids] };
  useBulkKeys(isChosen ? chosen : null, choice.clear);
  const found = matches(facets);
  // where the bar is at the foot, the line stays, so that no row moves
  const line = html`<p class=${'matches' + (isChosen ? ' behind' : '')} role="status">${found ? html`<b>${found}</b> ${found === '1' ? 'job matches' : 'jobs match'}` : ' '}</p>`;
  if (!isChosen) return line;
  return html`${line}<div class="many" role="region" aria-label="chosen jobs">
    <span role="status">${choice.isAll ? html`<b>All ${found ?? ''} jobs that match</b> are chosen` : html`<b>${count(choice.ids.size, 'job')}</b> ${found ? ` of ${found}` : ''} chosen`}
      ${isWhole && next && !choice.isAll && html` · <button type="button" class="plain" onClick=${choice.all}>choose all that match</button>`}
      ${' · '}<button type="button" class="plain" onClick=${choice.clear}>choose none</button></span>
    <div class="actions"><${BulkButtons} chosen=${chosen} after=${choice.clear} /></div>
  </div>`;
}

function Nothing({ text, after }) {
  if (after) return html`There are no older jobs. <${Link} to="jobs" params=${{ q: text }}>Show the newest<//>`;
  if (text) return html`No job matches. Take a word out of the search, or <${Link} to="jobs">show all jobs<//>.`;
  return html`The queue is empty. Put a first job in:<code>holdfast enqueue --type mail --payload '{"to": "ada@example.com"}'</code>`;
}

/** A search that looked through as many jobs as it may says so. */
function Cut({ list }) {
  if (!list || list.complete !== false) return null;
  return html`<div class="note warning" role="status"><div>The search looked through the newest ${whole(list.searched)} jobs. Narrow the time (<code>since:24h</code>) to see older ones at once${list.next ? ', or go on below' : ''}.</div></div>`;
}

const ORDERS = { created: 'newest first', finished: 'ended last first', run_at: 'due first' };

function Pager({ text, after, next, sort = 'created' }) {
  useKey('n', 'Next page', next ? () => change({ after: next }) : null);
  return html`<div class="pager"><span>${ORDERS[sort]} · ${PAGE} a page</span>
    ${after && html`<${Link} to="jobs" params=${{ q: text }}>first page<//>`}
    ${next && html`<${Link} to="jobs" params=${{ q: text, after: next }}>next page<//>`}</div>`;
}
