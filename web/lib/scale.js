// The arithmetic of a chart: round numbers on an axis, where the marks of time stand, and columns as one path.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [HOUR / 4, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 10 * DAY];

/** Round whole values from 0 to at least `max`, about `count` of them besides 0. */
export function valueTicks(max, count) {
  const rough = Math.max(max, 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 4, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999));
  return Array.from({ length: Math.ceil(Math.max(max, 1) / step) + 1 }, (_, index) => index * step);
}

/** Instants on round UTC times in [from, to), no more than `count`, and the step between them. */
export function timeTicks(from, to, count) {
  const step = STEPS.find((size) => (to - from) / size <= count) ?? STEPS.at(-1);
  const ticks = [];
  for (let tick = Math.ceil(from / step) * step; tick < to; tick += step) ticks.push(tick);
  return { step, ticks };
}

/**
 * Columns as the `d` of one SVG path. `values[i]` stands `height × value / max` high on the line `base`, in the slot
 * from `left + i × slot`; slots wide enough leave a gap. What is not nothing is at least a pixel high.
 */
export function columns(values, { left, slot, base, height, max, from = 0, to = values.length }) {
  const gap = slot > 12 ? 3 : slot > 5 ? 1.5 : slot > 3 ? 0.5 : 0;
  let path = '';
  for (let index = from; index < to; index += 1) {
    if (values[index] > 0) {
      const tall = Math.max(1, (height * values[index]) / max);
      const x = left + index * slot + gap / 2;
      path += `M${round(x)} ${round(base)}v${round(-tall)}h${round(slot - gap)}v${round(tall)}z`;
    }
  }
  return path;
}

function round(value) {
  return Math.round(value * 100) / 100;
}

/** The slot under a horizontal position; the nearest one outside. */
export function slotAt(x, left, slot, count) {
  return Math.min(count - 1, Math.max(0, Math.floor((x - left) / slot)));
}
