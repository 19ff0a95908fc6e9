// Packages by their licence, most used first.

export interface Package {
  name: string;
  version: string;
  license?: string | null;
}

/** How many packages are under which licence; the same licence in another order or spelling is one. */
export function byLicence(packages: readonly Package[]): { licence: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { license } of packages) {
    const name = normal(license ?? null);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([licence, count]) => ({ licence, count }))
    .sort((one, other) => other.count - one.count || one.licence.localeCompare(other.licence));
}

/** An SPDX expression with its alternatives in order: `MIT/Apache-2.0` and `MIT OR Apache-2.0` are the same. */
export function normal(license: string | null): string {
  if (license === null || license.trim() === '') return 'not known';
  if (/[()]| AND | WITH /.test(license)) return license;
  return license
    .split(/\s+OR\s+|\s*\/\s*/)
    .map((name) => name.trim())
    .sort()
    .join(' OR ');
}
