import { Box, Text } from 'ink';

/** Lines that already have their width. Ink would only measure and wrap them again. */
export function Lines({ lines, width }: { lines: readonly string[]; width: number }) {
  return (
    <Box width={width} height={lines.length} flexShrink={0}>
      <Text>{lines.join('\n')}</Text>
    </Box>
  );
}
