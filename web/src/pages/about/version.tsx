// Which version this is, and whether there is a newer one.

import { useMutation, useQuery } from '@tanstack/react-query';
import { ask, client } from '@/api/client';
import { messageOf } from '@/api/error';
import { safeLink } from '@/lib/paths';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { HostileText } from '@/ui/hostile-text';
import { Notice } from '@/ui/notice';
import { Panel } from '@/ui/panel';
import { When } from '@/ui/when';

export function Version() {
  const query = useQuery(ask('/api/version'));
  const check = useMutation({
    mutationFn: async () => (await client.GET('/api/check-update', {})).data?.data,
    onSuccess: () => query.refetch(),
  });
  return (
    <Panel title="Version" query={query}>
      {({ data }) => {
        const link = safeLink(data.download_url);
        return (
          <div className="space-y-3">
            <p className="flex flex-wrap items-center gap-2">
              <strong className="text-lg">Tidegate {data.version}</strong>
              {data.update_available && <Badge tone="accent">{data.latest_version} is there</Badge>}
            </p>
            {data.release_notes && <HostileText text={data.release_notes} wrap />}
            {link && (
              <p>
                <a href={link} target="_blank" rel="noreferrer noopener" className="text-accent underline">
                  Download
                </a>
              </p>
            )}
            <p className="text-muted">
              {data.checked_at ? (
                <>
                  Asked <When time={data.checked_at} relative />.
                </>
              ) : (
                'Newer versions are asked for only where [updates] url of config.toml says; nothing leaves this machine without.'
              )}
            </p>
            {check.error && <Notice tone="danger">{messageOf(check.error)}</Notice>}
            {check.data && !check.data.update_available && (
              <Notice>
                {check.data.checked_at
                  ? 'There is no newer version.'
                  : 'Nobody was asked: no address is configured.'}
              </Notice>
            )}
            <Button size="small" icon="refresh" busy={check.isPending} onClick={() => check.mutate()}>
              Check for updates
            </Button>
          </div>
        );
      }}
    </Panel>
  );
}
