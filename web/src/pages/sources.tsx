// Where lines come from, how that goes, what the logs can't show, and the lines that could not be read.

import { useQuery } from '@tanstack/react-query';
import { ask } from '@/api/client';
import { CopyText } from '@/ui/copy-text';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { NeedsScope } from './needs-scope';
import { Rejects } from './sources/rejects';
import { SourceCard } from './sources/source-card';

const EVERY_MS = 5000;

const EXAMPLE = '[[source]]\npath = "/var/log/squid/access.log"';

export function Sources() {
  const query = useQuery({ ...ask('/api/sources'), ...{ refetchInterval: EVERY_MS } });
  return (
    <Page title="Sources" note="Followed files, listeners and standard input, as config.toml names them">
      <div className="space-y-4">
        <Panel
          title="Sources"
          query={query}
          height={200}
          empty={({ data }) =>
            data.length === 0 && (
              <Empty title="No source is configured">
                <p className="mb-2">
                  Nothing is followed: rows came by import. Name a log in config.toml, and reload it on the
                  page About.
                </p>
                <CopyText text={EXAMPLE} label="the example" />
              </Empty>
            )
          }
        >
          {({ data }) => (
            <div className="grid items-start gap-4 xl:grid-cols-2">
              {data.map((source) => (
                <SourceCard key={`${source.name} ${source.path ?? source.listen ?? ''}`} source={source} />
              ))}
            </div>
          )}
        </Panel>
        <NeedsScope scope="admin" what="Lines that could not be read are">
          <Rejects />
        </NeedsScope>
      </div>
    </Page>
  );
}
