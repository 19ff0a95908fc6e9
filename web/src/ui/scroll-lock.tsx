// Stands in for react-remove-scroll, which Radix uses behind its dialogs and which adds a <style> element that the
// content security policy forbids. The page behind is kept from scrolling by a class instead.

import { Slot } from 'radix-ui';
import { useEffect, type ReactNode } from 'react';

// What is meant for react-remove-scroll alone.
const OURS = ['allowPinchZoom', 'shards', 'noIsolation'];

let locks = 0;

interface Props {
  as?: unknown;
  children?: ReactNode;
  enabled?: boolean;
}

export function RemoveScroll({ as, children, enabled = true, ...rest }: Props & Record<string, unknown>) {
  useEffect(() => {
    if (!enabled) return;
    locks += 1;
    document.documentElement.classList.add('scroll-locked');
    return () => {
      locks -= 1;
      if (locks === 0) document.documentElement.classList.remove('scroll-locked');
    };
  }, [enabled]);
  const props = Object.fromEntries(Object.entries(rest).filter(([name]) => !OURS.includes(name)));
  return as ? <Slot.Root {...props}>{children}</Slot.Root> : <div {...props}>{children}</div>;
}

RemoveScroll.classNames = { fullWidth: 'w-full', zeroRight: 'right-0' };

export default RemoveScroll;
