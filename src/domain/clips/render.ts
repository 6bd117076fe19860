import type { StageCommit, StageContext } from '#work/stage.ts';
import { clipCaptions, saveCaptions } from './clip-captions.ts';
import { clipPoster, savePoster } from './clip-poster.ts';
import { renderOrder } from './render-order.ts';
import { renditionFiles, saveRenditionFiles } from './rendition-files.ts';

/**
 * Makes a clip's renditions with its caption files and its poster. What the same order made before in this workspace is
 * taken as it is: nothing is encoded twice.
 */
export async function render(context: StageContext): Promise<StageCommit> {
  const order = await renderOrder(context);
  const captions = await clipCaptions(context, order);
  const poster = await clipPoster(context, order);
  const files = await renditionFiles(context, order);
  return async (tx) => {
    await saveCaptions(tx, order, captions);
    await savePoster(tx, order, poster);
    await saveRenditionFiles(tx, order, files);
    return [
      ...files.map(({ rendition }) => ({ type: 'Rendition', id: rendition.id }) as const),
      { type: 'Clip', id: order.clipId },
    ];
  };
}
