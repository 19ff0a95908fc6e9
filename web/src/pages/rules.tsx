import { Page } from '@/ui/page';

export function Rules() {
  return <Page title="Rules">{null}</Page>;
}
