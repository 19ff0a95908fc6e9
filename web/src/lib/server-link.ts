// Links that the API answers, as places of the dashboard.

const PLACES: readonly (readonly [from: string, to: string])[] = [['/api/logs', '/logs'], ['/api/findings', '/threats']];

/** Where in the dashboard a question of the API is shown; `null` for anything else: it is never followed. */
export function placeOf(href: string | null | undefined): string | null {
  if (typeof href !== 'string') return null;
  const at = href.indexOf('?');
  const [path, search] = at < 0 ? [href, ''] : [href.slice(0, at), href.slice(at)];
  const place = PLACES.find(([from]) => from === path);
  return place === undefined ? null : place[1] + search;
}
