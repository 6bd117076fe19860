import { words } from '#base/env-words.ts';
import { maxAttempts, type StageName, stageNames, stages } from '#pipeline/stages.ts';
import { stageTree } from './stage-tree.ts';
import { code, table } from './table.ts';

/** docs/pipeline.md, printed from the declaration of the stages. */
export const pipelinePage = (): string => `# The pipeline

Printed from \`src/pipeline/stages.ts\` by \`npm run docs\`; change it there.

\`\`\`
${stageTree()}
\`\`\`

A stage starts when its parent has succeeded and the recipe asks for it. A tree has one parent for each stage, so the end
of one never asks about its siblings. A stage that repeats without a subject counts as done with its parent.

${table(['Stage', 'After', 'What it does', 'When it fails', 'Takes a place of', 'Longest', 'Share of the bar'], stageNames.map(rowOf))}

- **When it fails**: the run ends FAILED when nothing usable came out, else PARTIAL: what is made stays.
- **Takes a place of**: \`media\` stages share FFMPEG_CONCURRENCY, \`provider\` stages PROVIDER_CONCURRENCY, per worker.
- **Longest**: an attempt that takes longer ends as TIMED_OUT.
- **Share of the bar**: of a run that asks for everything; a smaller recipe divides the bar among its own stages.

An attempt that ends in a passing fault ([problems.md](problems.md)) is tried again: ${maxAttempts} attempts in all, with waits of
about ${waits().join(', ')} seconds (RETRY_BASE_MS, three times longer each time, a fifth up or down at random), or as long
as the outside service asked.
`;

function rowOf(name: StageName): string[] {
  const { parent, about, required, concurrency, timeoutMinutes, weight } = stages[name];
  const share = `${Math.round((100 * weight) / totalWeight)} %`;
  const failing = required ? 'run FAILED' : 'run PARTIAL';
  return [code(name), code(parent ?? ''), about, failing, code(concurrency), `${timeoutMinutes} min`, share];
}

const totalWeight = stageNames.reduce((sum, name) => sum + stages[name].weight, 0);

function waits(): number[] {
  const baseMs = words.RETRY_BASE_MS.type.parse(undefined);
  return Array.from({ length: maxAttempts - 1 }, (_, attempt) => (baseMs * 3 ** attempt) / 1000);
}
