// The exit codes of all commands.

/** What the end of a command means. */
export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;
