// Sentences that come up in the corner after something was done, and go by themselves; failures stay until closed.

import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore, type ReactNode } from 'react';
import { cx } from './cx';
import { IconButton } from './button';

interface Said {
  id: number;
  text: ReactNode;
  failed: boolean;
}

let said: readonly Said[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function put(next: readonly Said[]) {
  said = next;
  for (const listener of listeners) listener();
}

/** Says that something was done; `toast.failed` that it was not. */
export function toast(text: ReactNode) {
  put([...said.slice(-3), { id: nextId++, text, failed: false }]);
}

toast.failed = (text: ReactNode) => put([...said.slice(-3), { id: nextId++, text, failed: true }]);

/** Where toasts come up; once in the page. */
export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  return (
    <Radix.Provider label="Message">
      {shown.map(({ id, text, failed }) => (
        <Radix.Root
          key={id}
          type={failed ? 'foreground' : 'background'}
          duration={failed ? 3_600_000 : 5000}
          onOpenChange={(open) => !open && put(said.filter((other) => other.id !== id))}
          className={cx(
            'appear flex items-start gap-2 rounded-lg border bg-raised py-1 pr-1 pl-3 popup-shadow',
            failed ? 'border-danger' : 'border-line',
          )}
        >
          <Radix.Description className={cx('py-1.5 wrap-anywhere', failed && 'text-danger')}>
            {text}
          </Radix.Description>
          <Radix.Close asChild>
            <IconButton icon="close" label="Close message" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-3 bottom-3 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2" />
    </Radix.Provider>
  );
}
