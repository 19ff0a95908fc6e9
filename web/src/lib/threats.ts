// What rules said, made ready for charts.

import { parseTime } from './time';

export interface ThreatBucket {
  time: string;
  flagged: number;
  categories: Partial<Record<string, number>>;
}

/** The categories with most hits in all buckets, most first; those named in `without` are left out. */
export function topCategories(
  buckets: readonly ThreatBucket[],
  count: number,
  without: readonly string[] = [],
): string[] {
  const sums = new Map<string, number>();
  for (const { categories } of buckets) {
    for (const [name, hits = 0] of Object.entries(categories)) {
      if (!without.includes(name)) sums.set(name, (sums.get(name) ?? 0) + hits);
    }
  }
  return [...sums]
    .toSorted(([one, hits], [other, more]) => more - hits || one.localeCompare(other))
    .slice(0, count)
    .map(([name]) => name);
}

/** Neighbouring buckets in one, where there are more than a chart can tell apart. */
export function joined(buckets: readonly ThreatBucket[], most: number): ThreatBucket[] {
  const step = Math.ceil(buckets.length / most);
  if (step <= 1) return [...buckets];
  const width = step * (parseTime(buckets[1]?.time) - parseTime(buckets[0]?.time));
  const joint: ThreatBucket[] = [];
  let end = -Infinity;
  for (const bucket of buckets) {
    const start = parseTime(bucket.time);
    const last = joint.at(-1);
    if (last === undefined || start >= end) {
      joint.push({ ...bucket, categories: { ...bucket.categories } });
      end = start + width;
      continue;
    }
    last.flagged += bucket.flagged;
    for (const [name, hits = 0] of Object.entries(bucket.categories)) {
      last.categories[name] = (last.categories[name] ?? 0) + hits;
    }
  }
  return joint;
}

export interface Bin {
  from: number;
  /** Included. */
  to: number;
  count: number;
}

const EDGES = [0, 1, 3, 5, 10, 15, 20, 30, 50];

/** Scores in bins that grow: 0, 1–2, 3–4, 5–9, … and all beyond. */
export function scoreBins(scores: readonly { score: number; count: number }[]): Bin[] {
  const bins = EDGES.map((from, index) => ({ from, to: (EDGES[index + 1] ?? Infinity) - 1, count: 0 }));
  for (const { score, count } of scores) {
    const bin = bins.findLast(({ from }) => score >= from);
    if (bin) bin.count += count;
  }
  return bins;
}

export interface TechniqueHits {
  id: string;
  hits: number;
  rules: number;
}

/** Hits by technique: a row that two rules of one technique matched is told twice, which is why these are hits. */
export function byTechnique(
  rules: readonly { techniques: readonly string[]; hits: number }[],
): TechniqueHits[] {
  const sums = new Map<string, TechniqueHits>();
  for (const { techniques, hits } of rules) {
    if (hits === 0) continue;
    for (const id of techniques) {
      const sum = sums.get(id) ?? { id, hits: 0, rules: 0 };
      sums.set(id, { id, hits: sum.hits + hits, rules: sum.rules + 1 });
    }
  }
  return [...sums.values()].toSorted((a, b) => b.hits - a.hits || a.id.localeCompare(b.id));
}

/** What ATT&CK calls the techniques that our rules and detectors name. */
const TECHNIQUES: Record<string, string> = {
  'T1003.008': '/etc/passwd and /etc/shadow',
  T1008: 'Fallback Channels',
  T1027: 'Obfuscated Files or Information',
  T1036: 'Masquerading',
  'T1036.002': 'Right-to-Left Override',
  'T1036.007': 'Double File Extension',
  T1041: 'Exfiltration Over C2 Channel',
  T1046: 'Network Service Discovery',
  T1048: 'Exfiltration Over Alternative Protocol',
  T1059: 'Command and Scripting Interpreter',
  'T1059.001': 'PowerShell',
  'T1059.003': 'Windows Command Shell',
  'T1059.004': 'Unix Shell',
  'T1059.007': 'JavaScript',
  T1071: 'Application Layer Protocol',
  'T1071.001': 'Web Protocols',
  'T1071.004': 'DNS',
  T1083: 'File and Directory Discovery',
  T1090: 'Proxy',
  'T1090.003': 'Multi-hop Proxy',
  T1102: 'Web Service',
  T1105: 'Ingress Tool Transfer',
  T1110: 'Brute Force',
  'T1110.003': 'Password Spraying',
  T1133: 'External Remote Services',
  T1189: 'Drive-by Compromise',
  T1190: 'Exploit Public-Facing Application',
  T1204: 'User Execution',
  'T1204.002': 'Malicious File',
  T1213: 'Data from Information Repositories',
  T1218: 'System Binary Proxy Execution',
  T1219: 'Remote Access Tools',
  T1496: 'Resource Hijacking',
  T1505: 'Server Software Component',
  'T1505.003': 'Web Shell',
  T1528: 'Steal Application Access Token',
  T1530: 'Data from Cloud Storage',
  T1552: 'Unsecured Credentials',
  'T1552.001': 'Credentials In Files',
  'T1552.005': 'Cloud Instance Metadata API',
  T1566: 'Phishing',
  'T1566.002': 'Spearphishing Link',
  T1567: 'Exfiltration Over Web Service',
  'T1567.002': 'Exfiltration to Cloud Storage',
  'T1567.004': 'Exfiltration Over Webhook',
  T1568: 'Dynamic Resolution',
  'T1568.002': 'Domain Generation Algorithms',
  T1571: 'Non-Standard Port',
  T1572: 'Protocol Tunneling',
  T1595: 'Active Scanning',
  'T1595.002': 'Vulnerability Scanning',
  'T1595.003': 'Wordlist Scanning',
};

/** A technique's name; of a part of one, the whole's. */
export function techniqueName(id: string): string | undefined {
  return TECHNIQUES[id] ?? TECHNIQUES[id.split('.')[0] ?? ''];
}
