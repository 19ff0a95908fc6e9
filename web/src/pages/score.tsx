import { Page } from '@/ui/page';

export function Score() {
  return <Page title="Security score">{null}</Page>;
}
