// Numbers in the reader's locale. `locale` is for tests; left out, it is the reader's.

import { numberFormat } from './formats';

/** 12345 as `12,345`. */
export function number(value: number, locale?: string): string {
  return numberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}

/** For axes and tiles: 12,345 as `12.3K`. */
export function compact(value: number, locale?: string): string {
  return numberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share as `3.4%`; what is not nothing never reads as nothing, and nothing of nothing has no share. */
export function share(part: number, whole: number, locale?: string): string {
  if (!(whole > 0)) return '';
  const percent = numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const ratio = part / whole;
  if (part > 0 && ratio < 0.0005) return `< ${percent.format(0.001)}`;
  if (part < whole && ratio >= 0.9995) return `> ${percent.format(0.999)}`;
  return percent.format(ratio);
}

const UNITS = [undefined, 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Bytes with three digits and a decimal unit: `3.91 kB`. */
export function bytes(value: number, locale?: string): string {
  let step = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 999.5 && step < UNITS.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  const unit = UNITS[step];
  if (unit === undefined) return `${number(value, locale)}\u00a0B`;
  return numberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }).format(scaled);
}

/** A duration: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 12 min`, `4 d 2 h`. */
export function duration(ms: number, locale?: string): string {
  if (ms < 1000) return `${number(Math.round(ms), locale)} ms`;
  if (ms < 60_000) {
    const tenths = Math.floor(ms / 100) / 10;
    return `${numberFormat(locale, { maximumFractionDigits: 1 }).format(tenths)} s`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's', locale);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 2880) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min', locale);
  return pair(Math.floor(minutes / 1440), 'd', Math.floor((minutes % 1440) / 60), 'h', locale);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string, locale?: string): string {
  const first = `${number(large, locale)} ${largeUnit}`;
  return small > 0 ? `${first} ${small} ${smallUnit}` : first;
}

/** How much more or less than before, as `+12%`; undefined where there was nothing before. */
export function change(now: number, before: number, locale?: string): string | undefined {
  if (!(before > 0)) return undefined;
  const ratio = now / before - 1;
  return numberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(ratio) < 0.1 ? 1 : 0,
  }).format(ratio);
}
