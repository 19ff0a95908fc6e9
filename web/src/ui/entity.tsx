// A client, a domain, a rule, or the rows of a filter, as a link to what is known of it. Names come from logs: text, isolated, masked where they are.

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Search } from '@/lib/search';
import { isMasked } from '@/lib/text';
import { techniqueName } from '@/lib/threats';
import { Badge } from './badge';
import { cx } from './cx';
import { HostileText, Masked } from './hostile-text';

const LINK = 'text-accent hover:underline';

/** An address or pseudonym, with the name it is known by. */
export function ClientLink({ address, name }: { address: string; name?: string | null | undefined }) {
  return (
    <span className="inline-flex max-w-full items-baseline gap-2">
      <Link to="/clients/$client" params={{ client: address }} className={cx(LINK, 'min-w-0 truncate')}>
        <Masked value={address} />
      </Link>
      {name && (
        <span className="min-w-0 truncate text-muted">
          <HostileText text={name} max={80} />
        </span>
      )}
    </span>
  );
}

/** Whether a name can be asked for: hidden parts and steps of a path can't. */
export function isDomain(name: string): boolean {
  return name !== '' && name !== '-' && !isMasked(name) && !/[*!/\s]/.test(name) && !/^\.+$/.test(name);
}

/** A registrable domain or host. */
export function DomainLink({ domain, max = 80 }: { domain: string; max?: number }) {
  const text = <HostileText text={domain} max={max} />;
  if (!isDomain(domain)) return text;
  return (
    <Link to="/domains/$domain" params={{ domain }} className={LINK}>
      {text}
    </Link>
  );
}

/** `host:port`, as a link to the host's page. */
export function DestinationLink({ destination, max = 80 }: { destination: string; max?: number }) {
  const host = hostOf(destination);
  const text = <HostileText text={destination} max={max} />;
  if (!isDomain(host)) return text;
  return (
    <Link to="/domains/$domain" params={{ domain: host }} className={LINK}>
      {text}
    </Link>
  );
}

/** The host of `host:port`; IPv6 stands in brackets. */
export function hostOf(destination: string): string {
  return destination.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** The rows of the log that a filter leaves. */
export function LogsLink({ search, children }: { search: Search; children: ReactNode }) {
  return (
    <Link to="/logs" search={search} className={LINK}>
      {children}
    </Link>
  );
}

/** A rule's number, as a link to its text. */
export function RuleLink({ id, message }: { id: number; message?: string | null | undefined }) {
  return (
    <Link to="/rules/$id" params={{ id: String(id) }} className={LINK}>
      {message ? <HostileText text={message} max={120} wrap /> : `Rule ${id}`}
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
