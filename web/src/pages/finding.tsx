import { Page } from '@/ui/page';

export function Finding() {
  return <Page title="Finding">{null}</Page>;
}
