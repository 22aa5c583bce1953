import { Box, Transform } from 'ink';

/**
 * Lines that already have their width. They are put in the place of blanks as these are drawn: Ink would measure and
 * wrap each text, and keep all it has ever measured until the process ends (6.8).
 */
export function Lines({ lines, width }: { lines: readonly string[]; width: number }) {
  const blanks = lines.map(() => ' ').join('\n');
  return (
    <Box width={width} height={lines.length} flexShrink={0}>
      <Transform transform={(_, index) => lines[index] ?? ''}>{blanks}</Transform>
    </Box>
  );
}
