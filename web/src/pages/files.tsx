import { Page } from '@/ui/page';

export function Files() {
  return <Page title="Files and agents">{null}</Page>;
}
