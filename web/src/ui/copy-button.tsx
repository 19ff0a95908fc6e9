// Puts a text into the clipboard, and says so.

import { IconButton } from './button';
import { toast } from './toast';

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast('Copied.');
    } catch {
      toast.failed('The browser did not allow copying. Select the text and copy it by hand.');
    }
  };
  return <IconButton icon="copy" label={label} onClick={() => void copy()} />;
}
