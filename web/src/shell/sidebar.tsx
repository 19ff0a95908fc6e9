// The sidebar; below the width of a tablet it is a drawer from the left.

import { Link } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { useMe } from '@/api/me';
import { IconButton } from '@/ui/button';
import { Icon } from '@/ui/icons';
import { NAVIGATION } from './navigation';

export function Sidebar({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <>
      <aside className="sticky top-0 hidden h-screen overflow-y-auto border-r border-line bg-surface lg:block">
        <Brand />
        <Pages />
      </aside>
      <Dialog.Root open={open} onOpenChange={onOpenChange}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-64 overflow-y-auto border-r border-line bg-surface popup-shadow"
          >
            <Dialog.Title className="sr-only">Pages</Dialog.Title>
            <div className="flex items-center justify-between pr-2">
              <Brand />
              <Dialog.Close asChild>
                <IconButton icon="close" label="Close" />
              </Dialog.Close>
            </div>
            <Pages onGo={() => onOpenChange(false)} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

function Brand() {
  return (
    <div className="flex h-13 items-center gap-2.5 px-4">
      <img src="/icon.svg" alt="" width="22" height="22" />
      <span className="text-base font-semibold tracking-tight">Tidegate</span>
    </div>
  );
}

function Pages({ onGo }: { onGo?: () => void }) {
  const scopes = useMe()?.scopes ?? [];
  return (
    <nav aria-label="Pages" className="px-2 pb-4">
      {NAVIGATION.map(({ title, pages }) => {
        const shown = pages.filter(({ needs }) => needs === undefined || scopes.includes(needs));
        if (shown.length === 0) return null;
        return (
          <section key={title} aria-label={title} className="mt-3 first:mt-1">
            <p className="px-2 pb-1 text-2xs font-semibold tracking-wide text-muted uppercase">{title}</p>
            <ul>
              {shown.map(({ to, label, icon }) => (
                <li key={to}>
                  <Link
                    to={to}
                    search={{}}
                    activeOptions={{ exact: to === '/', includeSearch: false }}
                    {...(onGo ? { onClick: onGo } : {})}
                    className="flex h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent"
                  >
                    <Icon name={icon} />
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
