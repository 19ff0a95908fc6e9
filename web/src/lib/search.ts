// Addresses: every view is a link. Parameters are words, a repeated one is a list of them; nothing is JSON.

export type Search = Partial<Record<string, string | string[]>>;

/** Reads a query: a name that comes once is a word, one that comes again a list. */
export function parseSearch(query: string): Search {
  const search: Search = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const known = search[name];
    if (known === undefined) search[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else search[name] = [known, value];
  }
  return search;
}

/** Writes a query, with its `?` unless it is empty. */
export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** The word of a parameter; the first where there are several. */
export function one(search: Search, name: string): string | undefined {
  const value = search[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The words of a parameter. */
export function many(search: Search, name: string): string[] {
  const value = search[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
