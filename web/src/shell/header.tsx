// Above every page: the way to any other, the time range, and who is signed in.

import { IconButton } from '@/ui/button';
import { Icon } from '@/ui/icons';
import { openPalette } from './palette-state';
import { TimePicker } from './time-picker';
import { UserMenu } from './user-menu';

export function Header({ onMenu }: { onMenu: () => void }) {
  return (
    <header className="sticky top-0 z-30 flex h-13 items-center gap-1.5 border-b border-line bg-surface/95 px-2 backdrop-blur sm:gap-2 sm:px-4">
      <IconButton icon="menu" label="Pages" onClick={onMenu} className="lg:hidden" />
      <button
        type="button"
        onClick={openPalette}
        className="flex h-8 min-w-0 items-center gap-2 rounded-md border border-line-strong/50 px-2.5 text-muted hover:bg-hover hover:text-ink sm:w-64"
      >
        <Icon name="search" />
        <span className="hidden truncate sm:inline">Go to, search…</span>
        <span className="sr-only sm:hidden">Go to, search</span>
        <kbd className="ml-auto hidden rounded border border-line px-1 font-sans text-2xs sm:inline">
          Ctrl K
        </kbd>
      </button>
      <div className="ml-auto flex items-center gap-1.5 sm:gap-2">
        <TimePicker />
        <UserMenu />
      </div>
    </header>
  );
}
