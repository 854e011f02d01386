// Begins: asks who is here, then shows the page that the address names.
import { h, html, render, useLayoutEffect, useState } from './vendor/preact.js';
import { api } from './api.js';
import { begin, useSession } from './session.js';
import { go, usePlace } from './route.js';
import { useKey } from './keys.js';
import { currentMode, setMode } from './live.js';
import { onFound } from './reach.js';
import { PAGES, firstPage, menu } from './pages.js';
import { Dialogs, open } from './parts/dialog.js';
import { Toasts } from './parts/toasts.js';
import { Lost } from './parts/lost.js';
import { Side } from './parts/side.js';
import { Keys } from './parts/keys-help.js';
import { Palette } from './parts/palette.js';
import { Entry } from './pages/entry.js';

function App() {
  const session = useSession();
  useLayoutEffect(() => {
    begin();
  }, []);
  if (session.phase === 'unknown') return html`<p class="entry waiting" role="status">reading …</p>`;
  if (session.phase === 'failed') {
    return html`<main class="entry"><h1>Holdfast</h1><${Lost} text=${session.error.message} /></main>`;
  }
  if (session.phase === 'out') return html`<${Entry} hasEnded=${session.hasEnded} />`;
  return html`<${Frame} session=${session} /><${Dialogs} /><${Lost} /><${Toasts} />`;
}

function Frame({ session }) {
  const { page: asked, params } = usePlace();
  const name = asked === 'overview' && !PAGES.overview.shows() ? firstPage() : asked;
  useKeysOfAllPages();
  return html`<div class="frame">
    <a class="skip" href="#page" onClick=${skip}>to the page</a>
    <${Side} session=${session} page=${name} />
    <main class="page" id="page" tabindex="-1"><${Page} key=${name} name=${name} params=${params} /></main>
  </div>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById('page').focus();
}

function useKeysOfAllPages() {
  useKey('?', 'All keys', () => open(() => html`<${Keys} />`));
  useKey('mod+k', 'Pages and actions', () => open(() => html`<${Palette} />`));
  useKey('.', 'Pause the clock, or let it run', () => setMode(currentMode() === 'paused' ? 'live' : 'paused'));
  for (const [name, page] of menuWithKeys()) {
    useKey(`g ${page.key}`, page.title, () => go(name));
  }
}

/** The entries do not change while a reader is signed in, so the hooks stay in order. */
function menuWithKeys() {
  return menu().filter(([, page]) => page.key);
}

/**
 * A page as the children of one element: Preact loses the order of a list without one, where what
 * stands later is there earlier.
 */
function inOneElement(page) {
  return (props) => h('div', null, ...[page(props)].flat());
}

let isFirstPage = true;

function Page({ name, params }) {
  const [Content, setContent] = useState(null);
  const [error, setError] = useState(null);
  const page = Object.hasOwn(PAGES, name) ? PAGES[name] : null;
  const isAllowed = page?.shows();
  useLayoutEffect(() => {
    if (!isFirstPage) document.getElementById('page').focus({ preventScroll: true });
    isFirstPage = false;
    if (isAllowed) page.load().then((module) => setContent(() => inOneElement(module.Page)), refused);
  }, []);
  const refused = async (failure) => {
    setError(failure);
    // a browser keeps in mind that a module was not to be had, so the whole page is read again
    onFound(() => location.reload());
    await api.session().catch(() => {});
  };
  if (!page) return html`<h1>There is no such page</h1><p class="empty">The menu leads to those that there are.</p>`;
  if (!isAllowed) return html`<h1>${page.title}</h1><p class="empty">Your token does not include this page.</p>`;
  if (error) return html`<h1>${page.title}</h1><p class="empty" role="alert">The page could not be read. Reload it.</p>`;
  if (!Content) return html`<p class="waiting" role="status">reading …</p>`;
  return html`<${Content} params=${params} />`;
}

render(html`<${App} />`, document.getElementById('app'));
