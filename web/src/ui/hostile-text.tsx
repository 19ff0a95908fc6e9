// Text that strangers wrote, and values that are masked.

import { isMasked, shortened, visible } from '@/lib/text';
import { cx } from './cx';
import { Icon } from './icons';

interface Props {
  text: string | null | undefined;
  /** Characters shown at most; the rest is told in a tooltip as far as that is bearable. */
  max?: number;
  /** Code, such as a URL or a raw line. */
  mono?: boolean;
  /** Let it break anywhere instead of staying on a line. */
  wrap?: boolean;
  className?: string;
}

const TOOLTIP = 1000;

/** Text from a log: as text, kept apart from what stands beside it, with invisible characters written out. */
export function HostileText({ text, max = 4096, mono = false, wrap = false, className }: Props) {
  if (text === null || text === undefined || text === '') return <span className="text-muted">–</span>;
  const cut = shortened(text, max);
  return (
    <bdi
      dir="ltr"
      title={cut === text ? undefined : shortened(text, TOOLTIP)}
      className={cx(
        mono && 'font-mono text-[0.8125rem]',
        wrap ? 'wrap-anywhere whitespace-pre-wrap' : 'whitespace-pre',
        className,
      )}
    >
      {visible(cut).map((part, index) =>
        part.escaped ? (
          <span key={index} className="rounded-sm bg-warn-soft text-warn">
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}

const WHY = 'Stands for a value you may not see: masking is on. It is the same wherever the same value was.';

/** A client or a user: looks masked where it is, and says why. */
export function Masked({ value, className }: { value: string | null | undefined; className?: string }) {
  if (!isMasked(value)) return <HostileText text={value} {...(className ? { className } : {})} />;
  return (
    <span
      title={WHY}
      className={cx(
        'inline-flex items-center gap-1 rounded border border-dashed border-line-strong/60 px-1 text-muted',
        className,
      )}
    >
      <Icon name="masked" width={12} height={12} />
      <HostileText text={value} mono />
      <span className="sr-only">(masked)</span>
    </span>
  );
}
