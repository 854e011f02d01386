// The stream of events, held by one tab for all: browsers allow six connections to a host.
// Tabs hear of each other by a BroadcastChannel. The one that holds the stream says so every two
// seconds; when it is silent or leaves, another one takes over.

const LEAD_MS = 2000;
const SILENCE_MS = 5000;
const EVENTS = ['job', 'queue', 'gap'];

export class Stream {
  #url;
  #deliver;
  #id = Math.random().toString(36).slice(2);
  #channel = null;
  #source = null;
  #timer = 0;
  #isOpen = false;

  /**
   * @param {string} url the stream
   * @param {function(object): void} deliver is given each event, with its name as `event`
   */
  constructor(url, deliver) {
    this.#url = url;
    this.#deliver = deliver;
  }

  open() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (typeof BroadcastChannel === 'undefined') {
      this.#lead();
      return;
    }
    this.#channel = new BroadcastChannel('holdfast ' + new URL(this.#url).pathname);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#channel.postMessage({ kind: 'ask', id: this.#id });
    this.#follow(300 + Math.random() * 300);
  }

  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#source) this.#channel?.postMessage({ kind: 'bye', id: this.#id });
    this.#leaveLead();
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
  }

  #hear({ kind, id, event }) {
    if (kind === 'event') {
      this.#deliver(event);
    } else if (kind === 'ask' && this.#source) {
      this.#channel.postMessage({ kind: 'lead', id: this.#id });
    } else if (kind === 'lead') {
      if (this.#source && id > this.#id) return; // it hears of this one, and steps back
      this.#leaveLead();
      this.#follow(SILENCE_MS + Math.random() * 1000);
    } else if (kind === 'bye' && !this.#source) {
      this.#follow(Math.random() * 300);
    }
  }

  /** Waits for a word of the one that leads; without one, leads itself. */
  #follow(patience) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lead(), patience);
  }

  #lead() {
    clearTimeout(this.#timer);
    const source = new EventSource(this.#url);
    this.#source = source;
    for (const name of EVENTS) {
      source.addEventListener(name, ({ data }) => this.#tell({ ...JSON.parse(data), event: name }));
    }
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#again();
    });
    this.#sayLead();
  }

  /** A browser gives a stream up that was refused; the session may be another one by then. */
  #again() {
    this.#leaveLead();
    this.#follow(SILENCE_MS);
  }

  #sayLead() {
    this.#channel?.postMessage({ kind: 'lead', id: this.#id });
    this.#timer = setTimeout(() => this.#sayLead(), LEAD_MS);
  }

  #leaveLead() {
    if (!this.#source) return;
    this.#source.close();
    this.#source = null;
    clearTimeout(this.#timer);
  }

  #tell(event) {
    this.#channel?.postMessage({ kind: 'event', id: this.#id, event });
    this.#deliver(event);
  }
}
