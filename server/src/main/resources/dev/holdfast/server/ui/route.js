// The state of a page stands in its address, whole: a page name below /ui/ and parameters.
import { html } from './vendor/preact.js';
import { Shared } from './shared.js';

/** The folder of the console, including the path that a proxy puts before it. */
const BASE = new URL('.', import.meta.url).pathname;
const where = new Shared(null);

/** Where the reader is: the page's name and its parameters. */
export function place() {
  const page = decodeURIComponent(location.pathname.slice(BASE.length)) || 'overview';
  return { page, params: new URLSearchParams(location.search) };
}

where.set(place());

/**
 * The address of a page.
 * @param {string} page
 * @param {Object<string, string|number|null|undefined>} [params] empty ones are left out
 */
export function href(page, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, value);
  }
  const text = query.toString().replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%2F/g, '/');
  return BASE + (page === 'overview' ? '' : page) + (text ? '?' + text : '');
}

/** Goes to a page. With replace, Back leads to where the reader was before this one. */
export function go(page, params, { replace = false } = {}) {
  const address = href(page, params);
  if (address === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  tell();
  if (!replace) window.scrollTo(0, 0);
}

/** Changes parameters of the page that is shown, and leaves the others. */
export function change(changes, options) {
  const { page, params } = place();
  go(page, { ...Object.fromEntries(params), ...changes }, options);
}

function tell() {
  where.set(place());
}

window.addEventListener('popstate', tell);

/** The place, and a new one whenever it changes. */
export function usePlace() {
  return where.use();
}

/** A link to a page of the console; with another button or key the browser does what it does. */
export function Link({ to, params, children, ...rest }) {
  const onClick = (event) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain) return;
    event.preventDefault();
    go(to, params);
  };
  return html`<a href=${href(to, params)} onClick=${onClick} ...${rest}>${children}</a>`;
}
