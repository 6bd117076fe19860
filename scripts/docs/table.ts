/** A Markdown table: the head row, then the rows. A bar inside a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Code in a line of Markdown; nothing for nothing. */
export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
