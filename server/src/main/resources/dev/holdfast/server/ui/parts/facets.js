// How the jobs of a search divide: by state, queue, type and kind of failure. Each value leads to
// its jobs, and to all again.
import { html } from '../vendor/preact.js';
import { query as queryOf } from '../api.js';
import { useQuery } from '../hooks.js';
import { Link } from '../route.js';
import { seesAll } from '../session.js';
import { withValues } from '../search.js';
import { MARKS, STATES } from '../states.js';
import { about, title, whole } from '../format.js';

const EVERY_MS = 10_000;
const SHOWN_MAX = 8;

/** Counts of what a search finds; of the first matches, where there are many. */
export function useFacets(params) {
  const { sort, ...filter } = params || {};
  return useQuery(params && '/api/v1/jobs/facets' + queryOf(filter), { every: EVERY_MS });
}

/** The number of jobs that match: 12, 10,000+ */
export function matches(facets) {
  return facets && `${whole(facets.matches)}${facets.more || !facets.complete ? '+' : ''}`;
}

/** Without another condition the counts of the states are those of the whole queue. */
export function Facets({ text, values, facets }) {
  const isOfAll = Object.keys(values).every((name) => name === 'state') && seesAll();
  const status = useQuery(isOfAll ? '/api/v1/status' : null, { every: EVERY_MS });
  const counted = (state) => (isOfAll ? status.data?.status_counts[state] : facets?.state.find((one) => one.value === state)?.count) ?? null;
  const states = STATES.map((state) => ({ value: state, count: counted(state) }));
  const of = (name) => (facets?.[name] || []).slice(0, SHOWN_MAX);
  const more = facets?.more ? '+' : '';
  return html`<nav class="facets" aria-label="narrow the search">
    <${Facet} name="state" text=${text} chosen=${values.state} rows=${states} more=${isOfAll ? '' : more} />
    <${Facet} name="queue" text=${text} chosen=${values.queue} rows=${of('queue')} more=${more} />
    <${Facet} name="type" text=${text} chosen=${values.type} rows=${of('type')} more=${more} />
    <${Facet} name="failure" text=${text} chosen=${values.failure} rows=${of('failure')} more=${more} />
  </nav>`;
}

function Facet({ name, text, chosen = [], rows, more }) {
  const listed = new Set(rows.map((one) => one.value));
  const all = [...rows, ...chosen.filter((value) => !listed.has(value)).map((value) => ({ value, count: null }))];
  if (all.length === 0) return null;
  const next = (value) => {
    if (chosen.includes(value)) return chosen.filter((one) => one !== value);
    return name === 'failure' ? [value] : [...chosen, value];
  };
  return html`<h3>${title(name)}</h3><ul>${all.map(({ value, count }) => html`<li key=${value}>
    <${Link} to="jobs" params=${{ q: withValues(text, name, next(value)) }} title=${value} aria-current=${chosen.includes(value) ? 'true' : undefined}>
      <span>${name === 'state' ? html`<i class=${'mark-' + value.toLowerCase()} aria-hidden="true">${MARKS[value]}</i>${title(value)}` : value}</span>
      <span class="n">${count === null ? '' : `${about(count)}${more}`}</span><//></li>`)}</ul>`;
}
