// Addresses that come from elsewhere, checked before anybody goes there.

/** Where to go after signing in: a path of this origin, else the start page. What a browser would read as another
 * site's address is not gone on to, nor a path that begins with `//` once its dots are resolved. */
export function onward(wanted: string | undefined, origin: string): string {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, origin)) return '/';
  const there = new URL(wanted, origin);
  if (there.origin !== origin || there.pathname.startsWith('//')) return '/';
  return there.pathname === '/login' ? '/' : `${there.pathname}${there.search}${there.hash}`;
}

/** A link out of this page as the server sent it, where it is plain HTTP(S); undefined for anything else. */
export function safeLink(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** The dashboard's page for one of the API's log queries, `/api/logs?…` → `/logs?…`; undefined for anything else. */
export function logsPage(href: string | null | undefined): string | undefined {
  const [, query] = /^\/api(?:\/v1)?\/logs(\?[^#]*)?$/.exec(href ?? '') ?? [];
  return href && /^\/api(\/v1)?\/logs(\?|$)/.test(href) ? `/logs${query ?? ''}` : undefined;
}
