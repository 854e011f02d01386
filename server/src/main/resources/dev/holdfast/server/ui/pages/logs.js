// The newest lines that handlers of all jobs logged.
import { html } from '../vendor/preact.js';
import { useQuery, useTitle } from '../hooks.js';
import { change } from '../route.js';
import { Answer, Head, Switch } from '../parts/basics.js';
import { LEVELS, Log } from '../parts/log.js';

const LINES = 300;

export function Page({ params }) {
  useTitle('Log');
  const level = LEVELS.includes(params.get('level')) ? params.get('level') : 'INFO';
  const query = useQuery(`/api/v1/logs?limit=${LINES}&level=${level}`);
  const lines = [...(query.data?.logs || [])].sort((a, b) => b.at.localeCompare(a.at)); // they come node by node
  const choose = (next) => change({ level: next === 'INFO' ? null : next });
  return html`<${Head} title="Log" sub="of all jobs, newest first"><${Switch} label="least level" options=${LEVELS.map((one) => [one, one.toLowerCase()])} value=${level} onChange=${choose} /><//>
    <${Answer} query=${query} isEmpty=${lines.length === 0} empty="No handler has logged anything of this level that is still kept.">
      <${Log} lines=${lines} isOfAll />
      <div class="pager">the newest ${lines.length} lines${lines.length === LINES ? '; a job’s own page shows all of its lines' : ''}</div><//>`;
}
