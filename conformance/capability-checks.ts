// What having a capability means, checked on a fitted model through its interface alone. A capability that some model has needs an
// entry here.
import assert from 'node:assert/strict';
import { NotFittedError } from '../src/core/errors.js';
import type { Dataset } from '../src/data/index.js';
import type { GenerativeModel, HasDecoder } from '../src/models/contract.js';
import { createModel } from '../src/models/registry.js';
import { random } from '../src/runtime/random.js';

type Check = (model: GenerativeModel, data: Dataset) => Promise<void>;

/** The checks by the names of capabilities. */
export const capabilityChecks: Readonly<Record<string, Check>> = {
  sample: async (model, data) => {
    assert.deepEqual((await model.sample(2)).shape, [2, ...data.exampleShape]);
  },

  decode: async (model, data) => {
    assert.ok(hasDecoder(model));
    const { latentSize } = model;
    const codes = { data: random(1).normal(3 * latentSize), shape: [3, latentSize] };
    const all = await model.decode(codes);
    assert.deepEqual(all.shape, [3, ...data.exampleShape]);
    // A row depends on its own code only.
    const second = await model.decode({ data: codes.data.slice(latentSize, 2 * latentSize), shape: [1, latentSize] });
    const size = second.data.length;
    for (let i = 0; i < size; i++) assert.ok(Math.abs((second.data[i] ?? 0) - (all.data[size + i] ?? 1)) < 1e-5);
    await assert.rejects(
      model.decode({ data: new Float32Array(latentSize + 1), shape: [1, latentSize + 1] }),
      /codes have to be/,
    );
    const unfitted = createModel(model.kind, model.config);
    assert.ok(hasDecoder(unfitted));
    await assert.rejects(unfitted.decode(codes), NotFittedError);
  },
};

function hasDecoder(model: GenerativeModel): model is GenerativeModel & HasDecoder {
  return 'decode' in model && 'latentSize' in model;
}
