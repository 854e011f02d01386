// The menu, the clock, and who is here: a column at the left, a bar and a sheet on a phone.
import { html, useLayoutEffect, useState } from '../vendor/preact.js';
import { useQuery } from '../hooks.js';
import { Link, usePlace } from '../route.js';
import { MODES, setMode, useMode } from '../live.js';
import { PAGES, menu } from '../pages.js';
import { seesAll, signOut } from '../session.js';
import { about } from '../format.js';
import { Switch } from './basics.js';
import { open } from './dialog.js';
import { Keys } from './keys-help.js';
import { act } from './toasts.js';

const STATUS_EVERY_MS = 5000;
const ON_THE_BAR = ['overview', 'jobs', 'review', 'queues'];

export function Side({ session, page }) {
  const [isOpen, setOpen] = useState(false);
  const status = useQuery(seesAll() ? '/api/v1/status' : null, { every: STATUS_EVERY_MS });
  const place = usePlace();
  useLayoutEffect(() => setOpen(false), [place]);
  const numbers = numbersOf(status.data);
  const current = PAGES[page]?.in || page;
  const entries = menu();
  const early = entries.filter(([, entry]) => !entry.isLate);
  const late = entries.filter(([, entry]) => entry.isLate);
  const list = (some) => html`<ul>${some.map(([name, entry]) => html`<li key=${name}><${Entry} name=${name} title=${entry.title} current=${current} number=${numbers[name]} /></li>`)}</ul>`;
  return html`<div class=${'side' + (isOpen ? ' open' : '')} id="menu">
    <div class="brand"><b><${Link} to=${early[0][0]}>Holdfast<//></b><span title=${database(status.data)}>${database(status.data)}</span></div>
    <nav aria-label="pages">${list(early)}${late.length > 0 && html`<hr />${list(late)}`}</nav>
    <div class="foot">
      <${Clock} />
      <${Theme} />
      <div class="who"><span>${session.name} · ${session.role}</span>${session.hasToken && html`<button type="button" class="plain" onClick=${() => act(signOut)}>sign out</button>`}
        <button type="button" class="plain" onClick=${() => open(() => html`<${Keys} />`)}><kbd>?</kbd> keys</button></div>
    </div>
  </div>
  <nav class="tabbar" aria-label="main pages">
    ${entries.filter(([name]) => ON_THE_BAR.includes(name)).map(([name, entry]) => html`<${Entry} key=${name} name=${name} title=${entry.title} current=${current} number=${name === 'review' ? numbers[name] : null} />`)}
    <button type="button" aria-expanded=${String(isOpen)} aria-controls="menu" onClick=${() => setOpen(!isOpen)}>${isOpen ? 'Close' : 'More'}</button>
  </nav>`;
}

function Entry({ name, title, current, number }) {
  return html`<${Link} to=${name} aria-current=${name === current ? 'page' : undefined}><span>${title}</span>${number?.n ? html`<span class=${'n' + (number.isAlarm ? ' alarm' : '')}>${about(number.n)}</span>` : ''}<//>`;
}

/** Numbers next to the entries; red only for what needs attention. */
function numbersOf(status) {
  if (!status) return {};
  return {
    review: { n: status.status_counts.INTERRUPTED, isAlarm: true },
    nodes: { n: status.nodes.length },
    alerts: { n: status.raised_alerts.length, isAlarm: true },
  };
}

function database(status) {
  if (!status) return ' ';
  const { kind, name } = status.database;
  return `${name.split('/').pop()} · ${kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`;
}

function Clock() {
  const mode = useMode();
  const words = { live: 'live', '5s': '5 s', '30s': '30 s', paused: '‖' };
  const spoken = { live: 'live: refresh when something happens', '5s': '5 s between refreshes', '30s': '30 s between refreshes', paused: '‖ paused: no refreshes' };
  return html`<${Switch} label="refresh" value=${mode} onChange=${setMode} options=${MODES.map((one) => [one, words[one], spoken[one]])} />`;
}

function Theme() {
  const root = document.documentElement;
  const [theme, setTheme] = useState(root.dataset.theme || 'system');
  const choose = (next) => {
    setTheme(next);
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem('holdfast.theme');
      else localStorage.setItem('holdfast.theme', next);
    } catch (blocked) {
      // then it holds until the page is read again
    }
    window.dispatchEvent(new Event('themechange'));
  };
  return html`<${Switch} label="colours" value=${theme} onChange=${choose} options=${[['system', 'auto', 'auto: colours of the system'], ['light', 'light'], ['dark', 'dark']]} />`;
}
