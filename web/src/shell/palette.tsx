// The command palette: type where to go, or what to look for.

import { useNavigate } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { useState, type KeyboardEvent } from 'react';
import { useMe } from '@/api/me';
import { commandsFor, type Command, type Known } from '@/lib/palette';
import { RANGES } from '@/lib/range';
import { cx } from '@/ui/cx';
import { HostileText } from '@/ui/hostile-text';
import { setTheme, THEMES, type Theme } from '@/ui/theme';
import { NAVIGATION } from './navigation';
import { show, useOpen } from './palette-state';

export function Palette() {
  const open = useOpen() === 'palette';
  return (
    <Dialog.Root open={open} onOpenChange={(next) => show(next ? 'palette' : undefined)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appear fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised popup-shadow"
        >
          <Dialog.Title className="sr-only">Go to, search</Dialog.Title>
          <Box />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Box() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const scopes = useMe()?.scopes ?? [];
  const commands = commandsFor(text, known(scopes));
  const chosen = commands[Math.min(at, commands.length - 1)];

  const run = (command: Command | undefined) => {
    if (!command) return;
    show(undefined);
    if (command.run.kind === 'do') {
      setTheme(command.run.what as Theme);
      return;
    }
    const { to, params, search } = command.run;
    void navigate({ to, params: params ?? {}, search: search ?? {} } as never);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + commands.length) % Math.max(1, commands.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <>
      <input
        role="combobox"
        aria-label="Go to, search"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.key}` : undefined}
        aria-autocomplete="list"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        placeholder="Page, client, domain, rule, or words to search the log for"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        className="h-12 w-full border-b border-line bg-transparent px-4 outline-none placeholder:text-muted"
      />
      <ul
        id="palette-list"
        role="listbox"
        aria-label="Commands"
        className="max-h-[50vh] overflow-y-auto p-1.5"
      >
        {commands.map((command) => (
          <li
            key={command.key}
            id={`palette-${command.key}`}
            role="option"
            aria-selected={command === chosen}
            onMouseMove={() => setAt(commands.indexOf(command))}
            onClick={() => run(command)}
            className={cx(
              'flex cursor-pointer items-baseline justify-between gap-3 rounded px-2.5 py-1.5',
              command === chosen && 'bg-accent-soft',
            )}
          >
            <span className="min-w-0 truncate">
              <HostileText text={command.label} max={80} />
            </span>
            <span className="shrink-0 text-xs text-muted">{command.hint}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const THEME_WORDS: Record<Theme, string> = {
  system: 'Theme of the system',
  light: 'Light theme',
  dark: 'Dark theme',
};

function known(scopes: readonly string[]): Known[] {
  const pages = NAVIGATION.flatMap(({ title, pages: all }) =>
    all
      .filter(({ needs }) => needs === undefined || scopes.includes(needs))
      .map(({ to, label, words }) => ({
        key: `page ${to}`.replaceAll(/\W/g, '-'),
        label,
        hint: title,
        run: { kind: 'go' as const, to },
        ...(words ? { words } : {}),
      })),
  );
  const ranges = RANGES.map(({ value, label }) => ({
    key: `range-${value}`,
    label,
    hint: 'Time range',
    words: 'time',
    run: { kind: 'go' as const, to: '.', search: { range: value } },
  }));
  const themes = THEMES.map((theme) => ({
    key: `theme-${theme}`,
    label: THEME_WORDS[theme],
    hint: 'Theme',
    run: { kind: 'do' as const, what: theme },
  }));
  return [...pages, ...ranges, ...themes];
}
