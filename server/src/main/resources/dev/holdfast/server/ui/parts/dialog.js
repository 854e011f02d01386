// Dialogs: a question before something is done, and forms. One at a time.
import { html, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { beat } from '../live.js';
import { Shared } from '../shared.js';
import { Button } from './basics.js';
import { say } from './toasts.js';

const shown = new Shared(null);

/** Shows a dialog: a function that is given `close` and answers what is in it. */
export function open(content, { wide = false } = {}) {
  shown.set({ content, wide, key: Math.random() });
}

export function close() {
  shown.set(null);
}

/** A dialog says late that it was closed: another one may be open by then. */
function closed(key) {
  if (shown.get()?.key === key) shown.set(null);
}

/**
 * Asks before something is done, then does it.
 * @param {{title: string, text?: *, verb: string, danger?: boolean, action: function(): Promise, done: string|function(*): string}} question
 */
export function confirm({ title, text, verb, danger = false, action, done }) {
  open(() => html`<${Form} title=${title} verb=${verb} danger=${danger} action=${action} done=${done}>${text && html`<p>${text}</p>`}<//>`);
}

/**
 * A form in a dialog: what it asks for are its children. What the server refuses is said in it.
 * @param {function(FormData): Promise} action is given what stands in the fields
 * @param {string|function(*): string} [done] said afterwards
 * @param {function(*): void} [after] called with the answer, in place of closing
 */
export function Form({ title, verb, danger, action, done, after, children }) {
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const onSubmit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const answer = await action(new FormData(event.target));
      const text = typeof done === 'function' ? done(answer) : done;
      if (after) after(answer);
      else close();
      if (text) say(text);
      beat();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return html`<form onSubmit=${onSubmit}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
    ${error && html`<div class="note error" role="alert"><div>${error.message}</div></div>`}
    <div class="actions"><${Button} onClick=${close}>Not now<//><${Button} type="submit" main danger=${danger} disabled=${isBusy}>${verb}<//></div>
  </form>`;
}

/** A field of a form with its name and a word of help. */
export function Field({ label, help, children }) {
  return html`<label class="field"><span>${label}</span>${children}${help && html`<small>${help}</small>`}</label>`;
}

/** The value of a field, without spaces around; null if it is empty. */
export function given(form, name) {
  const value = (form.get(name) || '').trim();
  return value === '' ? null : value;
}

/** The same as a whole number; the server says what is wrong with another one. */
export function number(form, name) {
  const value = given(form, name);
  return value === null ? null : Number(value);
}

/** The members that are given: null means that the server decides. */
export function filled(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

export function Dialogs() {
  const now = shown.use();
  const element = useRef(null);
  // before the next key can come: a dialog takes the keyboard as soon as it is asked for
  useLayoutEffect(() => {
    if (now) element.current.showModal();
  }, [now]);
  if (!now) return null;
  const onClick = (event) => {
    if (event.target === element.current) close(); // outside the dialog
  };
  return html`<dialog ref=${element} key=${now.key} class=${now.wide ? 'wide' : ''} aria-labelledby="dialog-title" onClose=${() => closed(now.key)} onClick=${onClick}>${now.content({ close })}</dialog>`;
}
