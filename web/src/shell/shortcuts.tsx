// Listens for shortcuts, and lists them.

import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { GO, SHORTCUTS, takesText } from '@/lib/keys';
import { Dialog } from '@/ui/dialog';
import { openPalette, openShortcuts, show, useOpen } from './palette-state';

/** How long the second key of two may take. */
const SECOND_MS = 1200;

export function Shortcuts() {
  const open = useOpen() === 'shortcuts';
  const navigate = useNavigate();
  const began = useRef(0);

  useEffect(() => {
    const go = (to: string) => void navigate({ to, search: {} } as never);
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || takesText(event.target)) return;
      if (Date.now() - began.current < SECOND_MS) {
        began.current = 0;
        const there = GO[event.key];
        if (there) {
          event.preventDefault();
          go(there.to);
          return;
        }
      }
      if (event.key === 'g') began.current = Date.now();
      else if (event.key === '?') openShortcuts();
      else if (event.key === '/') {
        event.preventDefault();
        const box = document.getElementById('log-search');
        if (box) box.focus();
        else openPalette();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate]);

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => show(next ? 'shortcuts' : undefined)}
      title="Keyboard shortcuts"
    >
      <div className="space-y-4">
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 text-xs font-semibold text-muted">{title}</h3>
            <dl className="space-y-1">
              {shortcuts.map(({ keys, does }) => (
                <div key={does} className="flex items-baseline justify-between gap-3">
                  <dt>{does}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {keys.map((key) => (
                      <kbd key={key} className="rounded border border-line bg-hover px-1.5 font-sans text-xs">
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
