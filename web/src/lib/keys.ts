// The keyboard's shortcuts, for whoever listens and for the list of them.

export interface Shortcut {
  keys: readonly string[];
  does: string;
}

/** `g` and then a letter goes to a page. */
export const GO: Readonly<Record<string, { to: string; label: string }>> = {
  o: { to: '/', label: 'Overview' },
  l: { to: '/logs', label: 'Logs' },
  c: { to: '/clients', label: 'Clients' },
  d: { to: '/domains', label: 'Domains' },
  v: { to: '/services', label: 'Services' },
  t: { to: '/threats', label: 'Threats' },
  r: { to: '/rules', label: 'Rules' },
  s: { to: '/score', label: 'Security score' },
};

export const SHORTCUTS: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: ['Ctrl', 'K'], does: 'Go to a page, a client, a domain, a rule; search the log' },
      { keys: ['/'], does: 'Search the log' },
      { keys: ['?'], does: 'This list' },
      { keys: ['Esc'], does: 'Close what is in front' },
    ],
  },
  {
    title: 'Go to',
    shortcuts: Object.entries(GO).map(([key, { label }]) => ({ keys: ['g', key], does: label })),
  },
  {
    title: 'Rows of the log',
    shortcuts: [
      { keys: ['↓', 'j'], does: 'Next row' },
      { keys: ['↑', 'k'], does: 'Row before' },
      { keys: ['Enter'], does: 'Everything about the row' },
      { keys: ['Page Down', 'Page Up', 'Home', 'End'], does: 'Farther' },
    ],
  },
];

/** Whether keys pressed there are text, or belong to a control, and are no shortcuts. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null
  );
}
