import { Page } from '@/ui/page';

export function Jobs() {
  return <Page title="Jobs and archives">{null}</Page>;
}
