// Small words with a tone. The word says it, the colour only helps.

import type { ReactNode } from 'react';
import type { Tone } from '@/lib/words';
import { cx } from './cx';
import { Icon } from './icons';

const TONES: Record<Tone, string> = {
  neutral: 'bg-hover text-muted',
  accent: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
};

export function Badge({
  tone = 'neutral',
  children,
  title,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        'inline-block rounded px-1.5 text-xs leading-5 font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

interface ChipProps {
  children: ReactNode;
  /** Takes it away; its button is called `removeLabel`. */
  onRemove?: () => void;
  removeLabel?: string;
  /** Does something with it, such as turning it round. */
  onClick?: () => void;
  clickLabel?: string;
  active?: boolean;
}

/** A filter that is set, or one that may be. */
export function Chip({ children, onRemove, removeLabel, onClick, clickLabel, active = false }: ChipProps) {
  return (
    <span
      className={cx(
        'inline-flex h-7 max-w-full items-center rounded-full border text-xs',
        active ? 'border-accent/50 bg-accent-soft text-ink' : 'border-line-strong/50 bg-surface text-ink',
      )}
    >
      {onClick ? (
        <button
          type="button"
          title={clickLabel}
          aria-pressed={active}
          onClick={onClick}
          className="min-w-0 truncate rounded-full px-2.5 leading-6"
        >
          {children}
        </button>
      ) : (
        <span className="min-w-0 truncate px-2.5">{children}</span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel ?? 'Remove'}
          onClick={onRemove}
          className="mr-0.5 inline-flex size-6 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink"
        >
          <Icon name="close" width={12} height={12} />
        </button>
      )}
    </span>
  );
}
