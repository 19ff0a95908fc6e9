// Light, dark, or as the system has it. Kept in the browser for the time before signing in.

import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(word: string | undefined): word is Theme {
  return THEMES.some((theme) => theme === word);
}

const KEY = 'tidegate.theme';
const listeners = new Set<() => void>();
const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

function kept(): Theme {
  try {
    const word = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === word) ?? 'system';
  } catch {
    return 'system';
  }
}

let theme: Theme = kept();

function tell() {
  for (const listener of listeners) listener();
}

/** Puts the theme on the page, and keeps it. */
export function setTheme(next: Theme) {
  theme = next;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is switched off: the theme lasts as long as the page.
  }
  tell();
}

/** Puts the theme on the page that was kept; once, before anything is drawn. */
export function startTheme() {
  document.documentElement.dataset['theme'] = theme;
  dark?.addEventListener('change', tell);
}

function shown(): 'light' | 'dark' {
  return theme === 'system' ? (dark?.matches ? 'dark' : 'light') : theme;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme that was chosen, and which of the two is to be seen. */
export function useTheme(): { theme: Theme; shown: 'light' | 'dark' } {
  const chosen = useSyncExternalStore(subscribe, () => theme);
  const seen = useSyncExternalStore(subscribe, shown);
  return { theme: chosen, shown: seen };
}
