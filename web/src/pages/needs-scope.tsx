// Says who may see a part of the dashboard, in place of failing.

import type { ReactNode } from 'react';
import { useMe, type Scope } from '@/api/me';
import { Notice } from '@/ui/notice';

const WHO: Partial<Record<Scope, string>> = {
  admin: 'administrators',
  'audit:read': 'auditors and administrators',
  'logs:export': 'auditors and administrators',
  'users:write': 'administrators',
};

interface Props {
  scope: Scope;
  /** What is not shown, as the beginning of a sentence: `The settings are`. */
  what: string;
  children: ReactNode;
}

/** Its children for whoever may; for others, a sentence that says who may. Nothing until it is known who asks. */
export function NeedsScope({ scope, what, children }: Props) {
  const me = useMe();
  if (me === undefined) return null;
  if (me.scopes.includes(scope)) return children;
  return (
    <Notice>
      {what} for {WHO[scope] ?? `accounts with the scope ${scope}`}. You are signed in as {me.username}, whose
      role is {me.role}. Ask an administrator if you need this.
    </Notice>
  );
}
