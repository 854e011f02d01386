// Asks for a token, once.
import { html, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { signIn } from '../session.js';
import { Button, Trouble } from '../parts/basics.js';
import { close } from '../parts/dialog.js';
import { Lost } from '../parts/lost.js';

/** @param {boolean} hasEnded whether there was a session, which the server ended */
export function Entry({ hasEnded }) {
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const input = useRef(null);
  useLayoutEffect(() => {
    close(); // a question to another reader
    document.title = 'Holdfast';
    input.current.focus();
  }, []);
  const onSubmit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(input.current.value.trim());
    } catch (refused) {
      setError(refused);
      setBusy(false);
      input.current.select();
    }
  };
  return html`<main class="entry">
    <h1>Holdfast</h1>
    ${hasEnded && html`<div class="note warning" role="alert"><div><b>Your session has ended.</b> Sign in to go on where you were.</div></div>`}
    <form onSubmit=${onSubmit}>
      <label class="field"><span>Token</span><input type="password" ref=${input} autocomplete="current-password" placeholder="hf_…" required spellcheck=${false} /></label>
      <${Trouble} error=${error} />
      <${Button} type="submit" main disabled=${isBusy}>Sign in<//>
    </form>
    <${Lost} />
    <p class="dim">An administrator makes tokens: <code>holdfast token create NAME --role viewer</code>. The browser keeps a session of 12 hours, not the token.</p>
  </main>`;
}
