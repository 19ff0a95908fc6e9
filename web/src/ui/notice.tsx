// A sentence that has to be seen, in the page.

import type { ReactNode } from 'react';
import type { Tone } from '@/lib/words';
import { cx } from './cx';

const TONES: Record<Tone, string> = {
  neutral: 'bg-hover text-ink border-line',
  accent: 'bg-accent-soft text-ink border-accent/40',
  ok: 'bg-ok-soft text-ok border-ok/40',
  warn: 'bg-warn-soft text-warn border-warn/40',
  danger: 'bg-danger-soft text-danger border-danger/40',
};

export function Notice({
  tone = 'neutral',
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx('rounded-md border px-3 py-2 wrap-anywhere', TONES[tone], className)}
    >
      {children}
    </div>
  );
}
