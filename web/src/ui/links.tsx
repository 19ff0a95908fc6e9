// Links to where a value leads: its client, its domain, the rows it is in.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Search } from '@/lib/search';
import { isMasked } from '@/lib/text';
import { techniqueName } from '@/lib/threats';
import { Badge } from './badge';
import { HostileText, Masked } from './hostile-text';

const LOOK = 'text-accent hover:underline';

/** A client, by address or by what stands for it. */
export function ClientLink({
  client,
  name,
}: {
  client: string | null | undefined;
  name?: string | null | undefined;
}) {
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

/** Whether a name can be asked for: hidden parts and steps of a path can't. */
export function isDomain(name: string): boolean {
  return name !== '' && name !== '-' && !isMasked(name) && !/[*!/\s]/.test(name) && !/^\.+$/.test(name);
}

/** A registrable domain or host; `text` where something else is to be read. */
export function DomainLink({
  domain,
  text = domain,
  max = 80,
}: {
  domain: string;
  text?: string;
  max?: number;
}) {
  const words = <HostileText text={text} max={max} />;
  if (!isDomain(domain)) return words;
  return (
    <Link to="/domains/$domain" params={{ domain }} className={LOOK}>
      {words}
    </Link>
  );
}

/** `host:port`, as a link to the host's page. */
export function DestinationLink({ destination, max = 80 }: { destination: string; max?: number }) {
  return <DomainLink domain={hostOf(destination)} text={destination} max={max} />;
}

/** The host of `host:port`; IPv6 stands in brackets. */
export function hostOf(destination: string): string {
  return destination.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** A rule, as a link to its text. */
export function RuleLink({
  id,
  message,
  wrap = false,
}: {
  id: number;
  message?: string | null | undefined;
  wrap?: boolean;
}) {
  return (
    <Link to="/rules/$id" params={{ id: String(id) }} className={LOOK}>
      {message ? <HostileText text={message} max={120} wrap={wrap} /> : `Rule ${id}`}
    </Link>
  );
}

/** A technique of MITRE ATT&CK, in words; no link, since no request leaves this server. */
export function Technique({ id, named = false }: { id: string; named?: boolean }) {
  const name = techniqueName(id);
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <Badge title={`MITRE ATT&CK ${id}${name ? `: ${name}` : ''}`}>{id}</Badge>
      {named && name && <span>{name}</span>}
    </span>
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
