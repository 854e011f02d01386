// Lines over time. The axes are drawn by uPlot, which is read when the first plot is shown.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';

const HEIGHT = 150;
const DASHES = { dashed: [4, 3] };

function colour(name) {
  // light-dark() is only resolved in a property of an element
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

let UPlot = null;

async function loadUPlot() {
  UPlot ||= (await import('../vendor/uplot.js')).default;
}

function faint(rgb) {
  return rgb.replace('rgb(', 'rgba(').replace(')', ', .1)');
}

function optionsOf({ series, write, height, onSelect }, width) {
  const axis = {
    stroke: colour('ink-3'), font: '11px system-ui, sans-serif', size: 24, gap: 4,
    grid: { stroke: colour('line'), width: 1 }, ticks: { show: false },
  };
  return {
    width, height,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: Boolean(onSelect), y: false, setScale: false, dist: 4 }, points: { size: 6 }, y: false },
    select: { show: Boolean(onSelect), left: 0, top: 0, width: 0, height: 0 },
    scales: { y: { range: (self, least, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [{ ...axis, grid: { show: false }, space: 90, values: times }, { ...axis, size: 52, space: 30, values: (self, splits) => splits.map((n) => write(n)) }],
    series: [{}, ...series.map((one) => ({
      spanGaps: false,
      label: one.label, stroke: colour(one.colour), width: 1.5, points: one.kind === 'bars' ? { show: false } : { show: true, size: 4, filter: alone }, dash: DASHES[one.kind],
      fill: one.kind === 'area' ? faint(colour(one.colour)) : one.kind === 'bars' ? colour(one.colour) : undefined,
      paths: one.kind === 'bars' ? UPlot.paths.bars({ size: [0.8, 24] }) : undefined,
    }))],
  };
}

/** Values between two gaps make no line, so each is a point. */
function alone(self, index) {
  const values = self.data[index];
  const isGap = (i) => values[i] === null || values[i] === undefined;
  return values.flatMap((_, i) => (!isGap(i) && isGap(i - 1) && isGap(i + 1) ? [i] : []));
}

function said(value, write) {
  return value === null || value === undefined ? '–' : write(value);
}

/** Times of a day, or dates where the plot is longer than one. */
function times(self, splits) {
  const isLong = splits.length > 1 && splits[splits.length - 1] - splits[0] > 86_400;
  return splits.map((at) => {
    const d = new Date(at * 1000);
    const clock = `${String(d.getHours()).padStart(2, '0')}:${String(d.getMinutes()).padStart(2, '0')}`;
    return isLong ? `${d.getMonth() + 1}-${String(d.getDate()).padStart(2, '0')} ${clock}` : clock;
  });
}

/**
 * A plot.
 * @param {number[]} at the times, in seconds since 1970
 * @param {{label: string, colour: string, kind?: string, values: number[], now: string}[]} series
 *     kind: area, dashed, bars or a line; now: what the legend says. Other series need another key.
 * @param {string} unit what is counted
 * @param {function(number): string} write one value for people
 * @param {*} [aside] stands at the end of the title
 * @param {function(Date, Date): void} [onSelect] is given the times over which somebody dragged
 */
export function Plot({ title, unit, at, series, write, height = HEIGHT, onSelect, aside }) {
  const element = useRef(null);
  const plot = useRef(null);
  const [cursor, setCursor] = useState(null);
  const latest = useRef(null);
  latest.current = { at, series, write, height, onSelect };

  const select = (self) => {
    const { left, width } = self.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((x) => new Date(self.posToVal(x, 'x') * 1000));
    self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    latest.current.onSelect?.(from, to);
  };

  useEffect(() => {
    let isGone = false;
    let observer = null;
    const draw = async () => {
      await loadUPlot();
      if (isGone) return;
      plot.current?.destroy();
      const now = latest.current;
      const options = optionsOf(now, element.current.clientWidth);
      options.hooks = { setCursor: [(self) => setCursor(self.cursor.idx ?? null)], setSelect: [(self) => select(self)] };
      plot.current = new UPlot(options, [now.at, ...now.series.map((one) => one.values)], element.current);
    };
    draw().then(() => {
      if (isGone) return;
      observer = new ResizeObserver(() => plot.current?.setSize({ width: element.current.clientWidth, height }));
      observer.observe(element.current);
    });
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    window.addEventListener('themechange', draw);
    return () => {
      isGone = true;
      observer?.disconnect();
      scheme.removeEventListener('change', draw);
      window.removeEventListener('themechange', draw);
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => {
    plot.current?.setData([at, ...series.map((one) => one.values)]);
  }, [at, series]);

  const words = series.map((one) => `${one.label} ${one.now}`).join(', ');
  return html`<figure class="plot">
    <figcaption><b>${title}</b>${aside}</figcaption>
    <figcaption class="said"><span class="legend">${series.map((one) => html`<span key=${one.label}><i class=${`series-${one.colour}${one.kind === 'dashed' ? ' dashed' : ''}`} aria-hidden="true"></i>${one.label} ${cursor === null ? one.now : said(one.values[cursor], write)}</span>`)}</span><span class="unit">${cursor === null || at[cursor] === undefined ? unit : new Date(at[cursor] * 1000).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}</span></figcaption>
    <div ref=${element} class="canvas" role="img" aria-label=${`${title}: ${words}`}></div>
  </figure>`;
}
