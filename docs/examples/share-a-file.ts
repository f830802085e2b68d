/** Files: uploaded by an ordinary request, told of by an event that holds their address. */
import type { RealtimeController, Undo } from 'realtime-elements';

/** Payload of `file.shared`. */
export interface SharedFile {
  id: string;
  name: string;
  /** Where to get it; your server decides who may. */
  url: string;
  /** Bytes. */
  size: number;
}

/**
 * Uploads, then tells: nobody hears of a file that is not there yet.
 * @param upload Puts the file where your server keeps files; throws when that fails.
 */
export async function shareFile(
  controller: RealtimeController,
  channel: string,
  file: File,
  upload: (file: File) => Promise<Pick<SharedFile, 'id' | 'url'>>,
): Promise<boolean> {
  const { id, url } = await upload(file);
  const shared: SharedFile = { id, name: file.name, url, size: file.size };
  const { fate } = await controller.send('file.shared', shared, { channel });
  return fate === 'accepted';
}

/** Lists what others have shared. Names and addresses come from outside: text stays text, and no `javascript:` is followed. */
export function listFiles(controller: RealtimeController, channel: string, list: HTMLElement): Undo {
  return controller.listen<string>({
    channel,
    event: 'file.shared',
    callback: ({ data }) => {
      const { name, url } = (data ?? {}) as Partial<SharedFile>;
      if (typeof url !== 'string' || !URL.canParse(url, location.href)) return;
      const { href, protocol } = new URL(url, location.href);
      if (!['http:', 'https:'].includes(protocol)) return;
      const link = document.createElement('a');
      link.href = href;
      link.textContent = String(name ?? href);
      list.append(link);
    },
  });
}
