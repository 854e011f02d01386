// The search box: a line of text with suggestions below. Enter searches.
import { html, useLayoutEffect, useRef, useState } from '../vendor/preact.js';
import { suggestions } from '../search.js';
import { useKey } from '../keys.js';

/**
 * @param {string} value the search that is shown below
 * @param {Object<string, string[]>} known values to suggest, by qualifier
 * @param {function(string): void} onSearch
 */
export function SearchBox({ value, known, onSearch }) {
  const [text, setText] = useState(value);
  const [offer, setOffer] = useState(null);
  const [at, setAt] = useState(-1);
  const input = useRef(null);
  useLayoutEffect(() => setText(value), [value]); // before the next key
  useKey('/', 'Search', () => {
    input.current.focus();
    input.current.select();
  });

  const suggest = () => {
    const { value: now, selectionStart } = input.current;
    const found = suggestions(now, selectionStart, known);
    setOffer(found.options.length ? found : null);
    setAt(-1);
  };
  const search = (wanted) => {
    setOffer(null);
    onSearch(wanted.trim());
  };
  const take = ({ word }) => {
    const next = text.slice(0, offer.from) + word + text.slice(offer.to);
    const cursor = offer.from + word.length;
    setText(next);
    setOffer(null);
    input.current.value = next;
    input.current.focus();
    input.current.setSelectionRange(cursor, cursor);
    if (word.endsWith(':')) suggest();
    else search(next);
  };
  const onKeyDown = (event) => {
    const last = offer ? offer.options.length - 1 : -1;
    if (event.key === 'ArrowDown' && offer) setAt(Math.min(last, at + 1));
    else if (event.key === 'ArrowUp' && offer) setAt(Math.max(-1, at - 1));
    else if (event.key === 'Enter') at >= 0 && offer ? take(offer.options[at]) : search(input.current.value);
    else if (event.key === 'Escape') offer ? setOffer(null) : input.current.blur();
    else return;
    event.preventDefault();
  };
  const onInput = () => {
    setText(input.current.value);
    suggest();
  };
  return html`<div class="search">
    <input type="search" ref=${input} value=${text} spellcheck=${false} autocomplete="off" autocapitalize="off" role="combobox"
      aria-label="search jobs" aria-expanded=${String(Boolean(offer))} aria-controls="suggestions" aria-activedescendant=${at >= 0 ? `suggestion-${at}` : undefined}
      placeholder="state:failed type:invoice tag:eu payload.customer.id:42 since:2h, or an id" onInput=${onInput} onFocus=${suggest} onBlur=${() => setOffer(null)} onKeyDown=${onKeyDown} />
    <kbd aria-hidden="true">/</kbd>
    <ul id="suggestions" role="listbox" aria-label="suggestions" hidden=${!offer}>${offer?.options.map((option, i) => html`
      <li key=${option.word} id=${`suggestion-${i}`} role="option" aria-selected=${String(i === at)} onMouseDown=${(event) => { event.preventDefault(); take(option); }}><code>${option.word}</code><span class="dim">${option.help}</span></li>`)}</ul>
  </div>`;
}
