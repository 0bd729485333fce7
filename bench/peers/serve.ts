// The child's side of the peers' protocol, for peers written in JavaScript; python/protocol.py is its twin.
import { createInterface } from 'node:readline';
import { z } from 'zod';

const requestSchema = z.looseObject({ id: z.number(), call: z.string() });

/** What a request carries besides its id and call. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** One function per call of the protocol. */
export type Handlers = Readonly<Record<string, (fields: RequestFields) => unknown>>;

/**
 * Answers requests from stdin, one after the other, until stdin ends; then ends the process, whatever threads a library has
 * left behind. What a library prints goes to stderr, so that stdout carries answers only.
 */
export async function serve(handlers: Handlers): Promise<void> {
  for (const method of ['log', 'info', 'debug'] as const) console[method] = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, call, ...fields } = requestSchema.parse(JSON.parse(line));
    let answer: { id: number; result?: unknown; error?: string };
    try {
      const handler = handlers[call];
      if (handler === undefined) throw new Error(`Unknown call "${call}". Known: ${Object.keys(handlers).join(', ')}.`);
      answer = { id, result: (await handler(fields)) ?? null };
    } catch (error) {
      answer = { id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
  process.exit(0);
}
