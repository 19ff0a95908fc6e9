// Names in sizes by how much there is of each. The table beside it has the numbers.

import type { ReactNode } from 'react';
import type { Tone } from '@/lib/words';
import { cx } from '@/ui/cx';

export interface CloudWord {
  key: string;
  /** The word: a link, say. */
  name: ReactNode;
  weight: number;
  /** What it stands for, in a tooltip. */
  title: string;
  tone: Tone;
}

const [SMALLEST_REM, LARGEST_REM] = [0.75, 1.9];

const TONES: Record<Tone, string> = {
  neutral: '',
  accent: '',
  ok: '',
  warn: 'decoration-warn underline decoration-2',
  danger: 'decoration-danger underline decoration-2',
};

/** The size of a word, by the logarithm of its weight between the least and the greatest. */
export function sizeOf(weight: number, least: number, greatest: number): number {
  const [low, high] = [Math.log(Math.max(1, least)), Math.log(Math.max(1, greatest))];
  const ratio = high > low ? (Math.log(Math.max(1, weight)) - low) / (high - low) : 1;
  return SMALLEST_REM + Math.min(1, Math.max(0, ratio)) * (LARGEST_REM - SMALLEST_REM);
}

export function Cloud({ label, words }: { label: string; words: readonly CloudWord[] }) {
  const weights = words.map(({ weight }) => weight);
  const [least, greatest] = [Math.min(...weights), Math.max(...weights)];
  return (
    <ul aria-label={label} className="flex flex-wrap items-baseline justify-center gap-x-3 gap-y-1">
      {words.map(({ key, name, weight, title, tone }) => (
        <li
          key={key}
          title={title}
          className={cx('max-w-full truncate leading-tight', TONES[tone])}
          style={{ fontSize: `${sizeOf(weight, least, greatest).toFixed(2)}rem` }}
        >
          {name}
        </li>
      ))}
    </ul>
  );
}
