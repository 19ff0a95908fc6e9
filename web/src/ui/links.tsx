// Links to where a value leads: its client, its domain, the rows it is in.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Search } from '@/lib/search';
import { HostileText, Masked } from './hostile-text';

const LOOK = 'text-accent hover:underline';

/** A client, by address or by what stands for it. */
export function ClientLink({ client, name }: { client: string | null | undefined; name?: string | null }) {
  if (!client) return <HostileText text={client} />;
  return (
    <Link to="/clients/$client" params={{ client }} className={LOOK}>
      <Masked value={client} />
      {name && (
        <span className="ml-1.5 text-muted">
          <HostileText text={name} max={60} />
        </span>
      )}
    </Link>
  );
}

export function DomainLink({ domain, max = 80 }: { domain: string; max?: number }) {
  return (
    <Link to="/domains/$domain" params={{ domain }} className={LOOK}>
      <HostileText text={domain} max={max} />
    </Link>
  );
}

/** The rows of the log that a filter leaves. */
export function LogsLink({ search, children }: { search: Search; children: ReactNode }) {
  return (
    <Link to="/logs" search={search} className={LOOK}>
      {children}
    </Link>
  );
}
