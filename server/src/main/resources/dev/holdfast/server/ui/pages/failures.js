// Failures: dead letters in groups that most likely have one cause.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { api, query as queryOf } from '../api.js';
import { useQuery, useTitle } from '../hooks.js';
import { beat } from '../live.js';
import { Link, change } from '../route.js';
import { may } from '../session.js';
import { count, whole } from '../format.js';
import { Age, Answer, Bar, Button, Head, JobLink, Switch, Trouble } from '../parts/basics.js';
import { Field, Form, open } from '../parts/dialog.js';
import { GroupLink, Message } from '../parts/failure-groups.js';
import { Table } from '../parts/table.js';
import { act } from '../parts/toasts.js';

const SHOWN = [['open', 'open'], ['muted', 'muted'], ['all', 'all']];
const MUTED = { open: 'false', muted: 'true' };
const TIMES = [['8h', '8 hours'], ['24h', 'a day'], ['7d', 'a week'], ['', 'until it is unmuted']];

export function Page({ params }) {
  useTitle('Failures');
  const shown = SHOWN.some(([key]) => key === params.get('show')) ? params.get('show') : 'open';
  const list = useQuery('/api/v1/failures' + queryOf({ muted: MUTED[shown] }));
  const groups = list.data?.failures || [];
  const choose = (next) => change({ show: next === 'open' ? null : next });
  const columns = [
    { id: 'type', title: 'Type', kind: 'name', phone: 'a', cell: (one) => html`<b>${one.type}</b>` },
    { id: 'kind', isWide: true, title: 'Kind', kind: 'tight', cell: (one) => html`<span class="second">${one.kind}</span>` },
    { id: 'message', title: 'Message', kind: 'cut', phone: 'c', cell: (one) => html`<${GroupLink} group=${one} />${one.muted && html` <${Muted} group=${one} />`}` },
    { id: 'jobs', title: 'Jobs', kind: 'right', phone: 'b', cell: (one) => html`<b>${whole(one.jobs)}</b>` },
    { id: 'first', isWide: true, title: 'First', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.first_at} /></span>` },
    { id: 'last', title: 'Last', kind: 'right', cell: (one) => html`<span class="second"><${Age} at=${one.last_at} /></span>` },
    { id: 'example', isWide: true, title: 'Example', kind: 'tight', cell: (one) => html`<${JobLink} id=${one.example} />` },
    may('operate') && { id: 'actions', title: '', kind: 'actions', phone: 'd', cell: (one) => html`<${Actions} group=${one} />` },
  ];
  return html`<${Head} title="Failures" sub="dead letters, by what they have in common"><${Switch} label="which groups" options=${SHOWN} value=${shown} onChange=${choose} /><//>
    <${Answer} query=${list} isEmpty=${groups.length === 0} empty=${html`<${Nothing} shown=${shown} muted=${list.data?.muted_jobs} />`}>
      <${Table} label="failures" columns=${columns} rows=${groups} keyOf=${(one) => one.fingerprint} />
      <p class="pager">${count(list.data?.jobs ?? 0, 'job')} failed${list.data?.muted_jobs ? `, of which ${whole(list.data.muted_jobs)} are muted` : ''}${list.data?.whole === false ? ' · counted over the first 1,000,000' : ''}</p><//>`;
}

function Nothing({ shown, muted }) {
  if (shown === 'muted') return html`No group is muted. <${Link} to="failures">Show the open ones<//>`;
  if (muted) return html`Only muted groups have failed jobs. <${Link} to="failures" params=${{ show: 'muted' }}>Show them<//>`;
  return 'No job has failed for good. Jobs come here when they have no attempt left, or say themselves that another one would not help.';
}

function Muted({ group }) {
  return html`<span class="dim">· muted${group.muted_until ? html`, ends <${Age} at=${group.muted_until} />` : ''}${group.muted_by ? ` by ${group.muted_by}` : ''}</span>`;
}

function Actions({ group }) {
  const { fingerprint, type } = group;
  const ask = (work) => open(({ close }) => html`<${Group} group=${group} work=${work} close=${close} />`);
  return html`<${Button} label=${`retry ${type}`} onClick=${() => ask(RETRY)}>Retry…<//>
    ${group.muted
      ? html`<${Button} label=${`unmute ${type}`} onClick=${() => act(() => api.unmuteFailures(fingerprint), 'It counts again.')}>Unmute<//>`
      : html`<${Button} label=${`mute ${type}`} onClick=${() => mute(group)}>Mute…<//>`}
    <${Button} danger label=${`delete ${type}`} onClick=${() => ask(DELETE)}>Delete…<//>`;
}

const RETRY = { verb: 'Retry', done: 'put back into the queue', text: 'They go back into the queue, with all their attempts.', part: (id) => api.retryFailures(id) };
const DELETE = { verb: 'Delete', done: 'deleted', danger: true, text: 'Their history and log go with them.', part: (id) => api.deleteFailures(id) };

/** Asks, then works through the group part by part. */
function Group({ group, work, close }) {
  const [progress, setProgress] = useState(null);
  const [error, setError] = useState(null);
  const isStopped = useRef(false);
  useEffect(() => () => (isStopped.current = true), []);
  const run = async () => {
    let done = 0;
    setProgress({ done, isOver: false });
    try {
      for (let more = true; more && !isStopped.current; ) {
        const { data } = await work.part(group.fingerprint);
        done += data.jobs;
        more = data.more && data.jobs > 0;
        setProgress({ done, isOver: false });
      }
    } catch (refused) {
      setError(refused);
    }
    setProgress({ done, isOver: true });
    beat();
  };
  const many = count(group.jobs, 'job');
  return html`<div class="body">
    <h2 id="dialog-title">${work.verb} ${many}${progress ? '' : '?'}</h2>
    <p><b>${group.type}</b> · ${group.kind} · <${Message} text=${group.message} /></p>
    <${Trouble} error=${error} />
    ${progress
      ? html`<p role="status">${!progress.isOver && html`<${Bar} of=${group.jobs} value=${progress.done} />`}${count(progress.done, 'job')} ${work.done}.</p>`
      : html`<p>${work.text} The same holds for jobs that fail like this until then.</p>`}
    <div class="actions">${progress
      ? html`<${Button} main onClick=${close}>${progress.isOver ? 'Close' : 'Stop after this part'}<//>`
      : html`<${Button} onClick=${close}>Not now<//><${Button} main danger=${work.danger} onClick=${run}>${work.verb} ${many}<//>`}</div>
  </div>`;
}

function mute(group) {
  const action = (form) => api.muteFailures(group.fingerprint, form.get('for') ? { for: form.get('for') } : {});
  open(() => html`<${Form} title="Mute these failures?" verb="Mute" action=${action} done="They no longer count as a problem.">
    <p><b>${group.type}</b> · ${group.kind} · <${Message} text=${group.message} /></p>
    <p>Health and alerts leave them out. The jobs stay, and new ones of this kind are muted too.</p>
    <${Field} label="For"><select name="for">${TIMES.map(([time, words]) => html`<option key=${time} value=${time}>${words}</option>`)}</select><//>
  <//>`);
}
