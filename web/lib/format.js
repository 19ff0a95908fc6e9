// Numbers in the reader's locale, times in UTC. `locale` is for tests; left out, it is the reader's.

/** 12345 as `12,345`. */
export function number(value, locale) {
  return new Intl.NumberFormat(locale).format(value);
}

/** For axes: 12,345 as `12K`. */
export function compact(value, locale) {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share as `3.4%`; what is not nothing never reads as nothing, and nothing of nothing has no share. */
export function share(part, whole, locale) {
  if (!(whole > 0)) return '';
  const percent = (digits) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
  const ratio = part / whole;
  if (part > 0 && ratio < 0.0005) return `< ${percent(1).format(0.001)}`;
  if (part < whole && ratio >= 0.9995) return `> ${percent(1).format(0.999)}`;
  return percent(1).format(ratio);
}

const UNITS = [null, 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];

/** Bytes with three digits and a decimal unit: `3.91 kB`. */
export function bytes(value, locale) {
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  if (unit === 0) return `${number(value, locale)}\u00a0B`;
  return new Intl.NumberFormat(locale, { style: 'unit', unit: UNITS[unit], maximumSignificantDigits: 3 }).format(scaled);
}

/** A duration: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 12 min`. */
export function duration(ms, locale) {
  if (ms < 1000) return `${number(ms, locale)} ms`;
  if (ms < 60_000) {
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(Math.floor(ms / 100) / 10)} s`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${number(Math.floor(seconds / 3600), locale)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** The API's `YYYY-MM-DD HH:MM:SS`, which is UTC, as milliseconds since 1970; NaN for anything else. */
export function parseTime(text) {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text ?? '') ? Date.parse(`${text.replace(' ', 'T')}Z`) : NaN;
}

/** Milliseconds since 1970 as `YYYY-MM-DD HH:MM:SS`, UTC; the API and the table speak this. */
export function sqlTime(ms) {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** The time of day, `HH:MM`, UTC. */
export function clock(ms) {
  return new Date(ms).toISOString().slice(11, 16);
}

/** The day in the reader's words, UTC: `20 Nov`. */
export function day(ms, locale) {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(ms);
}

/** A bucket in words: `Fri, 20 Nov 2026, 10:00–11:00 UTC`. */
export function span(from, width, locale) {
  const date = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric',
  }).format(from);
  return width >= 86_400_000 ? `${date} UTC` : `${date}, ${clock(from)}–${clock(from + width)} UTC`;
}

/** How long ago, in the reader's words: `5 minutes ago`. */
export function ago(ms, now, locale) {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((ms - now) / 1000);
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(Math.min(seconds, 0), 'second');
}
