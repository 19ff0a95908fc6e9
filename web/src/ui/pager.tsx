// Forth and back through a list that pages by cursor. The API goes forth alone; the way back is what one came by.

import { number } from '@/lib/units';
import { Button } from './button';

interface Props {
  /** Rows in all, exact. */
  total: number | undefined;
  /** Rows of this page. */
  count: number;
  onFirst?: (() => void) | undefined;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  noun?: string;
}

export function Pager({ total, count, onFirst, onPrevious, onNext, noun = 'rows' }: Props) {
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-2 px-4 py-2 text-xs text-muted"
    >
      <span className="tabular">
        {number(count)} {total === undefined ? noun : `of ${number(total)} ${noun}`}
      </span>
      <span className="flex gap-1">
        <Button size="small" look="quiet" disabled={!onFirst} onClick={onFirst}>
          First
        </Button>
        <Button size="small" icon="left" disabled={!onPrevious} onClick={onPrevious}>
          Previous
        </Button>
        <Button size="small" disabled={!onNext} onClick={onNext}>
          Next
        </Button>
      </span>
    </nav>
  );
}
