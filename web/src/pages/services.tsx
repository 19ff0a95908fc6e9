import { Page } from '@/ui/page';

export function Services() {
  return <Page title="Services">{null}</Page>;
}
