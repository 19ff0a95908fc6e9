// The chart: requests above, blocked below on a scale of its own (a few in a hundred would be invisible on one scale),
// one axis of time. It only draws and says which column is meant; what a column means is its caller's business.

import { clock, compact, day } from '../lib/format.js';
import { columns, slotAt, timeTicks, valueTicks } from '../lib/scale.js';
import { s } from './dom.js';

const LEFT = 52;
const RIGHT = 12;
const UPPER = { top: 24, height: 150 };
const LOWER = { top: 208, height: 62 };
const HEIGHT = 304;

/** A chart in `box`. `onPoint(index)` when a column is pointed at (-1: none), `onChoose(index)` when one is chosen. */
export class Chart {
  #box;
  #onPoint;
  #buckets = [];
  #width = 86_400_000;
  #index = -1;
  #cursor = null;
  #drawn = 0;

  constructor(box, onPoint, onChoose) {
    this.#box = box;
    this.#onPoint = onPoint;
    box.addEventListener('pointermove', (event) => this.#point(this.#under(event)));
    box.addEventListener('pointerleave', () => document.activeElement === box || this.#point(-1));
    box.addEventListener('blur', () => this.#point(-1));
    box.addEventListener('focus', () => box.matches(':focus-visible') && this.#index < 0 && this.#point(this.#buckets.length - 1));
    box.addEventListener('click', (event) => onChoose(this.#under(event)));
    box.addEventListener('keydown', (event) => this.#key(event, onChoose));
    new ResizeObserver(() => box.clientWidth !== this.#drawn && this.#draw()).observe(box);
  }

  /** Draws buckets `{at, total, blocked}`, each `width` milliseconds wide; the one pointed at stays the same instant. */
  draw(buckets, width) {
    const at = this.#buckets[this.#index]?.at;
    this.#buckets = buckets;
    this.#width = width;
    this.#index = at === undefined ? -1 : buckets.findIndex((bucket) => bucket.at === at);
    this.#box.setAttribute('aria-valuemin', 1);
    this.#box.setAttribute('aria-valuemax', buckets.length);
    this.#draw();
    this.#onPoint(this.#index);
  }

  get #slot() {
    return (this.#drawn - LEFT - RIGHT) / this.#buckets.length;
  }

  #draw() {
    this.#drawn = this.#box.clientWidth;
    if (this.#buckets.length === 0 || this.#drawn < 120) return;
    const svg = s('svg', { width: this.#drawn, height: HEIGHT, 'aria-hidden': 'true' });
    svg.append(...this.#axis(), ...this.#rows('total', 'Requests', UPPER), ...this.#rows('blocked', 'Blocked', LOWER));
    this.#cursor = s('rect', { class: 'cursor', y: UPPER.top, height: LOWER.top + LOWER.height - UPPER.top, width: 0 });
    svg.append(this.#cursor);
    this.#box.replaceChildren(svg);
    this.#mark();
  }

  #rows(name, title, { top, height }) {
    const values = this.#buckets.map((bucket) => bucket[name]);
    const ticks = valueTicks(Math.max(...values), height > 100 ? 4 : 2);
    const max = ticks.at(-1);
    const base = top + height;
    const box = { left: LEFT, slot: this.#slot, base, height, max };
    const last = values.length - 1;
    const lines = ticks.flatMap((tick) => {
      const y = Math.round(base - (height * tick) / max) + 0.5;
      return [
        s('line', { class: tick === 0 ? 'base' : 'grid', x1: LEFT, x2: this.#drawn - RIGHT, y1: y, y2: y }),
        s('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, compact(tick)),
      ];
    });
    return [
      ...lines,
      s('text', { class: `title ${name}`, x: LEFT, y: top - 9 }, `${title} per ${unit(this.#width)}`),
      s('path', { class: name, d: columns(values, { ...box, to: last }) }),
      s('path', { class: `${name} unfinished`, d: columns(values, { ...box, from: last }) }),
    ];
  }

  #axis() {
    const from = this.#buckets[0].at;
    const to = this.#buckets.at(-1).at + this.#width;
    const room = this.#drawn - LEFT - RIGHT;
    const { step, ticks } = timeTicks(from, to, Math.max(2, Math.floor(room / 56)));
    const y = LOWER.top + LOWER.height;
    return ticks.flatMap((tick) => {
      // A day's label stands under its column, an hour's where the hour begins.
      const daily = this.#width >= 86_400_000;
      const x = LEFT + ((tick - from + (daily ? this.#width / 2 : 0)) / (to - from)) * room;
      const midnight = tick % 86_400_000 === 0;
      const label = midnight || step >= 86_400_000 ? day(tick) : clock(tick);
      const inside = Math.min(Math.max(x, LEFT + 4), this.#drawn - 20);
      return [
        daily ? null : s('line', { class: midnight ? 'day' : 'grid', x1: x, x2: x, y1: UPPER.top, y2: y }),
        s('line', { class: 'base', x1: x, x2: x, y1: y, y2: y + 5 }),
        s('text', { class: midnight ? 'midnight' : null, x: inside, y: y + 19, 'text-anchor': 'middle' }, label),
      ].filter(Boolean);
    }).concat(s('text', { x: 0, y: y + 19 }, 'UTC'));
  }

  #under(event) {
    return slotAt(event.clientX - this.#box.getBoundingClientRect().left, LEFT, this.#slot, this.#buckets.length);
  }

  #key(event, onChoose) {
    const last = this.#buckets.length - 1;
    const at = this.#index < 0 ? last : this.#index;
    const page = Math.max(1, Math.round(last / 10));
    const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1, Home: 0, End: last,
      PageDown: at - page, PageUp: at + page };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves) this.#point(Math.min(last, Math.max(0, moves[event.key])));
    else if (event.key === 'Enter' && this.#index >= 0) onChoose(this.#index);
    else return;
    event.preventDefault();
  }

  #point(index) {
    if (index === this.#index) return;
    this.#index = index;
    this.#mark();
    this.#onPoint(index);
  }

  #mark() {
    const shown = this.#index >= 0;
    this.#cursor?.setAttribute('x', LEFT + Math.max(0, this.#index) * this.#slot);
    this.#cursor?.setAttribute('width', shown ? Math.max(1, this.#slot) : 0);
    this.#box.setAttribute('aria-valuenow', shown ? this.#index + 1 : this.#buckets.length);
  }
}

function unit(width) {
  return width >= 86_400_000 ? 'day' : width >= 3_600_000 ? 'hour' : '5 minutes';
}
