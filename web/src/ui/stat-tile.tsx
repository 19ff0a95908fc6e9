// A number that matters, with what it was before and how it went.

import type { ReactNode } from 'react';
import type { Tone } from '@/lib/words';
import { cx } from './cx';

interface Props {
  label: string;
  value: ReactNode;
  /** The exact value, where the one shown is rounded. */
  title?: string;
  /** A word below: a share, a comparison. */
  note?: ReactNode;
  tone?: Tone;
  /** A sparkline, say. */
  aside?: ReactNode;
}

const TONES: Record<Tone, string> = {
  neutral: '',
  accent: 'text-accent',
  ok: 'text-ok',
  warn: 'text-warn',
  danger: 'text-danger',
};

export function StatTile({ label, value, title, note, tone = 'neutral', aside }: Props) {
  return (
    <div className="flex min-w-0 items-start justify-between gap-2 rounded-lg border border-line bg-surface px-4 py-3 panel-shadow">
      <div className="min-w-0">
        <p className="truncate text-xs font-medium text-muted">{label}</p>
        <p title={title} className={cx('tabular mt-0.5 text-2xl leading-8 font-semibold', TONES[tone])}>
          {value}
        </p>
        {note && <p className="mt-0.5 text-xs text-muted">{note}</p>}
      </div>
      {aside}
    </div>
  );
}
