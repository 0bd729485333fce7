// What every kind of model has to do with files: come back as it was, and refuse what is damaged.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { FileFormatError, RunFolderError } from '../src/core/errors.js';
import { load } from '../src/models/node/load.js';
import { assertFrozen } from './assertions.js';
import { everyModel } from './harness.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-conformance-'));
after(() => rm(home, { recursive: true }));

everyModel(({ kind, one: { data, otherOptions }, fitOptions, requires, shared, keep, rows }) => {
  requires('save and load', async () => {
    const model = await shared();
    const folder = join(home, `${kind}-saved`);
    await model.save(folder);
    const loaded = await load(folder);
    keep(loaded);
    assert.equal(loaded.kind, kind);
    assert.deepEqual(loaded.config, model.config);
    assertFrozen(loaded.config);
    assert.deepEqual(await rows(loaded), await rows(model));
    // Saving what was loaded gives the same files.
    await loaded.save(`${folder}-again`);
    for (const file of ['model.json', 'weights.safetensors'])
      assert.deepEqual(await readFile(join(`${folder}-again`, file)), await readFile(join(folder, file)));
    // A loaded model can be fitted like a new one.
    await loaded.fit(data, fitOptions);
    assert.deepEqual(await rows(loaded), await rows(model));
  });

  requires('damaged files', async () => {
    const folder = join(home, `${kind}-good`);
    await (await shared()).save(folder);
    const weights = await readFile(join(folder, 'weights.safetensors'));
    const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    const damages: readonly (readonly [string, Uint8Array | string])[] = [
      ['weights.safetensors', weights.subarray(0, weights.length - 4)],
      ['weights.safetensors', ''],
      ['model.json', '{"format": "verisim'],
      ['model.json', JSON.stringify({ ...description, version: 99 })],
      ...(otherOptions === undefined
        ? []
        : [
            [
              'model.json',
              JSON.stringify({ ...description, config: { ...description.config, ...otherOptions } }),
            ] as const,
          ]),
      ['model.json', JSON.stringify({ ...description, config: { noSuchOption: 1 } })],
      ['model.json', JSON.stringify({ ...description, exampleShape: [...data.exampleShape, 3] })],
    ];
    for (const [index, [file, content]] of damages.entries()) {
      const damaged = join(home, `${kind}-damaged-${index}`);
      await cp(folder, damaged, { recursive: true });
      await writeFile(join(damaged, file), content);
      await assert.rejects(load(damaged), (error) => {
        assert.ok(error instanceof FileFormatError, `${file}, damage ${index}: ${error}`);
        assert.ok(error.message.startsWith(damaged));
        return true;
      });
    }
    await rm(join(folder, 'weights.safetensors'));
    await assert.rejects(
      load(folder),
      (error) => error instanceof RunFolderError && /weights\.safetensors is missing/.test(error.message),
    );
    await assert.rejects(
      load(join(home, 'nowhere')),
      (error) => error instanceof RunFolderError && /There is no folder .*nowhere/.test(error.message),
    );
  });
});
