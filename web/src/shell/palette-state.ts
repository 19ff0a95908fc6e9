// Whether the command palette or the list of shortcuts is open; one of them at most.

import { useSyncExternalStore } from 'react';

export type Open = 'palette' | 'shortcuts' | undefined;

let open: Open;
const listeners = new Set<() => void>();

export function show(next: Open) {
  open = next;
  for (const listener of listeners) listener();
}

export const openPalette = () => show('palette');
export const openShortcuts = () => show('shortcuts');

export function useOpen(): Open {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
