// Text to be taken elsewhere: a secret that is shown once, lines for a configuration, a command.

import { useRef, useState } from 'react';
import { Button } from './button';
import { cx } from './cx';

/** Puts text on the clipboard. Where the browser offers none (plain HTTP), it is marked for Ctrl-C instead. */
function useCopy(text: string) {
  const [said, setSaid] = useState('');
  const shown = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setSaid('Press Ctrl-C to copy');
    }
  };
  return { said, shown, copy };
}

interface Props {
  text: string;
  /** What it is, for the button's name: `Copy <label>`. */
  label: string;
  className?: string;
}

/** Text in a box, with a button that copies it. */
export function CopyText({ text, label, className }: Props) {
  const { said, shown, copy } = useCopy(text);
  return (
    <div className={cx('flex items-start gap-2 rounded-md border border-line bg-bg p-2', className)}>
      <code
        ref={shown}
        className="min-w-0 flex-1 self-center font-mono text-[0.8125rem] wrap-anywhere whitespace-pre-wrap"
      >
        {text}
      </code>
      <Button size="small" icon="copy" aria-label={`Copy ${label}`} onClick={() => void copy()}>
        Copy
      </Button>
      <span role="status" className="self-center text-xs text-muted">
        {said}
      </span>
    </div>
  );
}
