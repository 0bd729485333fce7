// Paths as they can be typed into a shell.

/** The path as it is, or in quotes where it has characters that shells take for something else. */
export function quoted(path: string): string {
  return /^[\w./\\:@%+,=-]+$/.test(path) ? path : `"${path.replace(/["\\$`]/g, '\\$&')}"`;
}
