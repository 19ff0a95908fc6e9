// What the command palette offers for what was typed.

import { isMasked } from './text';

export interface Command {
  key: string;
  label: string;
  /** A word beside it: the kind of thing, a key. */
  hint: string;
  run:
    | { kind: 'go'; to: string; params?: Record<string, string>; search?: Record<string, string> }
    | { kind: 'do'; what: string };
}

/** Commands that somebody may look for by their words. */
export interface Known extends Command {
  words?: string;
}

const MOST = 12;

/** The commands for a text: what it may be the name of, the known ones its words are in, and a search of the log. */
export function commandsFor(text: string, known: readonly Known[]): Command[] {
  const typed = text.trim();
  if (!typed) return known.slice(0, MOST);
  const words = typed.toLowerCase().split(/\s+/);
  const found = known
    .map((command) => ({ command, rank: rankOf(command, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map(({ command }) => command);
  return [...guesses(typed), ...found, search(typed)].slice(0, MOST);
}

function rankOf({ label, words = '' }: Known, typed: readonly string[]): number {
  const name = label.toLowerCase();
  const all = `${name} ${words.toLowerCase()}`;
  if (!typed.every((word) => all.includes(word))) return 0;
  if (name.startsWith(typed[0] ?? '')) return 3;
  return typed.every((word) => name.includes(word)) ? 2 : 1;
}

function guesses(text: string): Command[] {
  if (isAddress(text) || (text.startsWith('c-') && isMasked(text))) {
    return [
      {
        key: 'client',
        label: text,
        hint: 'Client',
        run: { kind: 'go', to: '/clients/$client', params: { client: text } },
      },
      {
        key: 'client-logs',
        label: text,
        hint: 'Rows of the client',
        run: { kind: 'go', to: '/logs', search: { client_ip: text } },
      },
    ];
  }
  if (/^\d{7}$/.test(text)) {
    return [
      { key: 'rule', label: text, hint: 'Rule', run: { kind: 'go', to: '/rules/$id', params: { id: text } } },
      row(text),
    ];
  }
  if (/^[1-9]\d{0,15}$/.test(text)) return [row(text)];
  if (/^(?=.{4,253}$)([a-z0-9_-]+\.)+[a-z][a-z0-9-]+$/i.test(text)) {
    const domain = text.toLowerCase();
    return [
      {
        key: 'domain',
        label: domain,
        hint: 'Domain',
        run: { kind: 'go', to: '/domains/$domain', params: { domain } },
      },
      {
        key: 'domain-logs',
        label: domain,
        hint: 'Rows of the domain',
        run: { kind: 'go', to: '/logs', search: { domain } },
      },
    ];
  }
  return [];
}

function row(id: string): Command {
  return {
    key: 'row',
    label: id,
    hint: 'Row of the log',
    run: { kind: 'go', to: '/logs', search: { row: id, range: 'all' } },
  };
}

function search(text: string): Command {
  return {
    key: 'search',
    label: text,
    hint: 'Search the log',
    run: { kind: 'go', to: '/logs', search: { keyword: text } },
  };
}

function isAddress(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => Number(part) <= 255);
  return /^[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text);
}
