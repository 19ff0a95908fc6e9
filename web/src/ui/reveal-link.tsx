// The way from a pseudonym to asking what it stands for.

import { Link } from '@tanstack/react-router';
import { pseudonymKind } from '@/lib/privacy';

/** A link to the form that asks for a reason; nothing where the value is no pseudonym. */
export function RevealLink({ value }: { value: string }) {
  const kind = pseudonymKind(value);
  if (kind === null) return null;
  return (
    <Link
      to="/privacy"
      search={{ pseudonym: value }}
      className="rounded border border-line px-1.5 text-xs text-muted hover:bg-hover hover:text-ink"
      aria-label={`reveal this ${kind}, with a reason`}
    >
      reveal
    </Link>
  );
}
