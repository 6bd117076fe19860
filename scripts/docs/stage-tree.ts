import { type StageName, stageNames, stages } from '#pipeline/stages.ts';

/** The declared stages as a picture, each below its parent. */
export function stageTree(): string {
  return childrenOf(null).flatMap(branch).join('\n');
}

const childrenOf = (parent: StageName | null): StageName[] =>
  stageNames.filter((name) => stages[name].parent === parent);

function branch(name: StageName): string[] {
  const { subject } = stages[name];
  const children = childrenOf(name);
  const below = children.flatMap((child, index) => {
    const [joint, rail] = index === children.length - 1 ? ['└─ ', '   '] : ['├─ ', '│  '];
    return branch(child).map((line, row) => `${row === 0 ? joint : rail}${line}`);
  });
  return [subject ? `${name} (once for each ${subject})` : name, ...below];
}
