// The start page: whether something is wrong, and where to look.

import { useNow } from '@/lib/now';
import { useTimeRange } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { Page } from '@/ui/page';
import { AttentionStrip } from './overview/attention-strip';
import { OpenFindings } from './overview/findings';
import { Health } from './overview/health';
import { FlaggedRows, RecentBlocks } from './overview/recent';
import { Tiles } from './overview/tiles';
import { Timeline } from './overview/timeline';
import { Categories, TopClients, TopDomains } from './overview/tops';

export function Overview() {
  const { range } = useTimeRange();
  // Redrawn as time goes by, so that relative ranges move.
  useNow();
  return (
    <Page title="Overview" note={`${rangeLabel(range)} · times in UTC`}>
      <div className="space-y-3">
        <AttentionStrip />
        <Tiles />
        <Timeline />
        <OpenFindings />
        <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
          <TopClients />
          <TopDomains />
          <Categories />
        </div>
        <div className="grid gap-3 xl:grid-cols-2">
          <FlaggedRows />
          <RecentBlocks />
        </div>
        <Health />
      </div>
    </Page>
  );
}
