// A child process that answers requests: one JSON object per line on stdin, one per line on stdout.
//   request  { "id": 3, "call": "time", "task": "mlp-gan", "repetitions": 5 }
//   answer   { "id": 3, "result": [14.1, 13.9, ...] }   or   { "id": 3, "error": "what went wrong" }
// Between requests the child waits for a line and uses no CPU, so that measurements of several children and of this process
// can alternate. A child that dies or does not answer in time fails the requests that wait for it, and nothing else.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PeerError } from './peer-error.js';

/** How to start a child. */
export interface ChildCommand {
  /** The peer's name, for messages. */
  readonly name: string;
  /** The program, found on the PATH where it is not a path. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child. */
  readonly environment: NodeJS.ProcessEnv;
  /** What to do where the program cannot be started or ends before its first answer, as a sentence. */
  readonly remedy?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: PeerError): void;
}

const answerSchema = z.object({ id: z.number(), result: z.unknown().optional(), error: z.string().optional() });
const keptCharacters = 2000;
const stopGraceMs = 2000;

/** A running child and the requests that wait for its answers. */
export class JsonChild {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  /** The last things it said outside the protocol: what a message about its death quotes. */
  #lastWords = '';
  #hasAnswered = false;
  #death: PeerError | undefined;

  /** Starts the child at once; where that fails, the first request says so. */
  constructor({ name, command, args, environment, remedy }: ChildCommand) {
    this.#name = name;
    this.#process = spawn(command, [...args], { env: environment, stdio: 'pipe', windowsHide: true });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#receive(line));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => this.#remember(text));
    // Writing to a child that has just died is reported by its exit, not here.
    this.#process.stdin.on('error', () => {});
    const help = remedy === undefined ? '' : ` ${remedy}`;
    this.#exited = new Promise((resolve) => {
      this.#process.on('error', (error) => {
        this.#die(`"${command}" could not be started (${error.message}).${help}`);
        resolve();
      });
      // 'close' comes after the last output, 'exit' may come before it.
      this.#process.on('close', (code, signal) => {
        const words = this.#lastWords.trim();
        this.#die(
          `the process ended ${signal === null ? `with exit code ${code}` : `by signal ${signal}`}` +
            (words === '' ? ' and said nothing.' : `; it said last: ${words}`) +
            (this.#hasAnswered ? '' : help),
        );
        resolve();
      });
    });
  }

  /** Whether the child can still be asked. */
  get isAlive(): boolean {
    return this.#death === undefined;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param timeoutMs after this many milliseconds without an answer the child is killed, since it cannot be interrupted
   * @throws PeerError for an error answer, a dead child or a timeout
   */
  request(call: string, fields: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<unknown> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#die(`no answer to "${call}" within ${timeoutMs / 1000} s; the process was ended.`);
        this.#process.kill('SIGKILL');
      }, timeoutMs);
      this.#waiting.set(id, {
        resolve(result) {
          clearTimeout(timer);
          resolve(result);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#process.stdin.write(JSON.stringify({ ...fields, id, call }) + '\n');
    });
  }

  /** Ends the child: by closing its stdin, and by force where that does not help. Never throws; may be called again. */
  async stop(): Promise<void> {
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), stopGraceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  #receive(line: string): void {
    const answer = answerSchema.safeParse(parseJson(line));
    if (!answer.success) {
      this.#remember(line + '\n');
      return;
    }
    const { id, result, error } = answer.data;
    this.#hasAnswered = true;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new PeerError(this.#name, shorten(error)));
  }

  #remember(text: string): void {
    this.#lastWords = (this.#lastWords + text).slice(-keptCharacters);
  }

  #die(problem: string): void {
    this.#death ??= new PeerError(this.#name, problem);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#death);
    this.#waiting.clear();
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length <= keptCharacters ? text : `${text.slice(0, keptCharacters)} ...`;
}
