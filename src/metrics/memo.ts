// Results by the objects that they depend on, so that what several metrics need is computed once.

interface Entry<Result> {
  readonly about: readonly object[];
  readonly options: string;
  readonly result: Promise<Result>;
}

/** Results of one computation for different arguments. */
export class Memo<Result> {
  readonly #entries: Entry<Result>[] = [];

  /**
   * What `compute` gives, computed once for the same objects and options. What fails, or is aborted, is not kept.
   *
   * @param about the very objects that the result depends on, such as rows
   * @param options what else it depends on, as text
   */
  async once(about: readonly object[], options: string, compute: () => Promise<Result>): Promise<Result> {
    const known = this.#entries.find(
      (entry) =>
        entry.options === options &&
        entry.about.length === about.length &&
        entry.about.every((item, i) => item === about[i]),
    );
    if (known !== undefined) return known.result;
    const added = { about, options, result: compute() };
    this.#entries.push(added);
    try {
      return await added.result;
    } catch (error) {
      this.#entries.splice(this.#entries.indexOf(added), 1);
      throw error;
    }
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
