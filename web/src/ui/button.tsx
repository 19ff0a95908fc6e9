// Buttons, and links that look like them.

import type { ComponentProps } from 'react';
import { cx } from './cx';
import { Icon, type IconName } from './icons';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent-fill text-on-accent border-transparent hover:brightness-110',
  plain: 'bg-surface text-ink border-line-strong/50 hover:bg-hover',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-danger-fill text-on-accent border-transparent hover:brightness-110',
};

/** The classes of a button, for a link that should look like one. */
export function buttonClass(look: Look = 'plain', size: 'normal' | 'small' = 'normal'): string {
  return cx(
    'inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none',
    'disabled:opacity-50 disabled:cursor-not-allowed',
    size === 'small' ? 'h-7 px-2 text-xs' : 'h-8 px-3 text-sm',
    LOOKS[look],
  );
}

export interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  size?: 'normal' | 'small';
  icon?: IconName;
  /** Something is under way: the button is off and says so. */
  busy?: boolean;
}

export function Button({
  look,
  size,
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(look, size), className)}
    >
      {icon && <Icon name={icon} width={14} height={14} />}
      {children}
    </button>
  );
}

/** A button that is an icon alone; `label` is its name. */
export function IconButton({
  icon,
  label,
  className,
  ...rest
}: { icon: IconName; label: string } & Omit<ComponentProps<'button'>, 'children'>) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink disabled:opacity-40',
        className,
      )}
    >
      <Icon name={icon} />
    </button>
  );
}
