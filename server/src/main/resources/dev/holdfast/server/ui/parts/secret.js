// A secret that is shown once.
import { html } from '../vendor/preact.js';
import { Button, Copy } from './basics.js';
import { open } from './dialog.js';

export function showSecret(title, secret, text) {
  open(({ close }) => html`<div class="body"><h2 id="dialog-title">${title}</h2><p>${text}</p>
    <p class="secret">${secret}</p>
    <div class="actions"><span class="button"><${Copy} text=${secret} label="Copy" /></span><${Button} main onClick=${close}>I have it<//></div></div>`);
}
