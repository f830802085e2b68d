/** Content generation: one call asks for it, one listener follows it to the end. */
import type { RealtimeController } from 'realtime-elements';

/**
 * Generates a practice sheet on the page's server, and resolves with the link to it. The signal ends
 * the waiting, not the work.
 */
export async function generateSheet(
  controller: RealtimeController,
  subject: string,
  { onProgress, signal }: { onProgress?: (percent: number) => void; signal?: AbortSignal } = {},
): Promise<string | undefined> {
  signal?.throwIfAborted();
  let resolve: (link: string | undefined) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const link = new Promise<string | undefined>((...settle) => {
    [resolve, reject] = settle;
  });
  // Nobody may be waiting for it any more when it fails.
  link.catch(() => {});
  let taskId: string | undefined;
  const early: (() => void)[] = [];
  // Listens before it asks: the first word may come before the server's answer is read.
  const undo = controller.onContent((update) => {
    const read = () => {
      if (update.taskId !== taskId) return;
      if (update.kind === 'progress') onProgress?.(update.progress);
      else if (update.kind === 'generated') resolve(update.downloadUrl);
      else reject(new Error(update.error));
    };
    if (taskId === undefined) early.push(read);
    else read();
  });
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  try {
    const asked = controller.requestContent({ type: 'practice sheet', subject }).then((task) => {
      if (task.error) throw task.error;
      taskId = task.taskId;
      for (const read of early) read();
    });
    // Until the server has named the task, nothing but the signal settles the link.
    await Promise.race([asked, link]);
    return await link;
  } finally {
    undo();
  }
}
