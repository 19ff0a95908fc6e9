// Every page of the dashboard: its address on the demo's data, and what its heading says.

/** Addresses that name something of the data, from what the server has. */
export async function pagesOf(server) {
  const { data: clients } = await server.api('clients/statistics?limit=1&days=30');
  const { data: domains } = await server.api('domains/statistics?limit=1&days=30');
  const { data: rules } = await server.api('waf/rules?limit=1000&days=30');
  const { data: findings } = await server.api('findings?limit=1').catch(() => ({ data: [] }));
  const client = clients.clients[0].ip_address;
  const domain = domains[0].domain_name;
  const rule = rules.toSorted((a, b) => b.hits - a.hits)[0];
  return [
    { name: 'overview', path: '/', heading: /Overview/ },
    { name: 'logs', path: '/logs', heading: /Logs?/ },
    { name: 'clients', path: '/clients?range=7d', heading: /Clients/ },
    { name: 'client', path: `/clients/${client}?range=7d`, heading: new RegExp(client.replaceAll('.', '\\.')) },
    { name: 'domains', path: '/domains?range=7d', heading: /Domains/ },
    { name: 'domain', path: `/domains/${domain}?range=7d`, heading: new RegExp(domain.replaceAll('.', '\\.')) },
    { name: 'services', path: '/services?range=7d', heading: /Services/ },
    { name: 'files', path: '/files?range=7d', heading: /Files and agents/ },
    { name: 'threats', path: '/threats?range=7d', heading: /Threats/ },
    ...findings.map(({ id, title }) => ({ name: 'finding', path: `/findings/${id}`, heading: new RegExp(title) })),
    { name: 'rules', path: '/rules?range=7d', heading: /Rules/ },
    { name: 'rules-categories', path: '/rules?range=7d&tab=categories', heading: /Rules/ },
    { name: 'rules-test', path: '/rules?range=7d&tab=test', heading: /Rules/ },
    { name: 'rules-explain', path: `/rules?tab=explain&url=${encodeURIComponent('http://shop.example/?id=1%2527%20OR%201=1--')}`, heading: /Rules/ },
    { name: 'rule', path: `/rules/${rule.id}?range=7d`, heading: new RegExp(String(rule.id)) },
    { name: 'score', path: '/score', heading: /Security score/ },
    { name: 'sources', path: '/sources', heading: /Sources/ },
    { name: 'jobs', path: '/jobs', heading: /Jobs/, admin: true },
    { name: 'audit', path: '/audit', heading: /Audit/, admin: true },
    { name: 'users', path: '/users', heading: /Users/, admin: true },
    { name: 'privacy', path: '/privacy', heading: /Privacy/ },
    { name: 'settings', path: '/settings', heading: /Settings/, admin: true },
    { name: 'about', path: '/about', heading: /About/ },
  ];
}
