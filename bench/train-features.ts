// Trains the classifiers whose features the package ships, and writes them with their measured accuracy into weights/. The weights are those of
// the look that was best on the last rows of the training set; the test set is looked at once, at the end, with the weights as they are
// shipped, matrices in half precision, and only where the validation rows say that the goal is reached.
//   node dist/bench/train-features.js <mnist|fashion-mnist|cifar-10>
import { join } from 'node:path';
import { lookUp } from '../src/core/nearest.js';
import { writeFileAtomic } from '../src/data/index.js';
import { classifier, load, openDataset, subset } from '../src/index.js';
import { readModelFolder, writeModelFolder } from '../src/models/node/model-folder.js';
import { hasPosterior } from '../src/models/tools/abilities.js';
import { physicalCores } from '../src/runtime/node/cores.js';
import { type Recipe, recipes } from './train-features/recipes.js';

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  process.stderr.write(`Name the data to train on: ${recipes.map(({ data }) => data).join(', ')}\n`);
  process.exitCode = 2;
} else await trainFeatures(lookUp('data set', Object.fromEntries(recipes.map((one) => [one.data, one])), wanted));

async function trainFeatures(recipe: Recipe): Promise<void> {
  const { data, name, options, epochs, batchSize, augment, validationRows, goal } = recipe;
  const all = await openDataset(data, { split: 'train' });
  const rows = (first: number, end: number) => Uint32Array.from({ length: end - first }, (_, i) => first + i);
  const kept = all.length - validationRows;
  const [train, validation] = [subset(all, rows(0, kept)), subset(all, rows(kept, all.length))];
  const model = classifier(options);
  const start = performance.now();
  const minutes = () => (performance.now() - start) / 60_000;
  await model.fit(train, {
    epochs,
    batchSize,
    augment,
    validation,
    seed: 0,
    observer: {
      onMetrics({ step, metrics: { validationLoss } }) {
        if (validationLoss !== undefined)
          process.stderr.write(
            `${name}: step ${step}, ${minutes().toFixed(1)} min, ${validationLoss.toFixed(4)} nats\n`,
          );
      },
    },
  });
  const trained = minutes();
  const cpuMinutes = (process.cpuUsage().user + process.cpuUsage().system) / 60e6;
  const tried = join('runs', name);
  await model.save(tried);
  await model.dispose();
  await writeModelFolder(tried, await readModelFolder(tried), { halfPrecision: true });
  const shipped = await load(tried, hasPosterior);
  const accuracyOn = async (set: typeof all): Promise<number> => {
    const predictions = await shipped.predict(set);
    return predictions.filter((label, row) => label === set.labels?.[row]).length / set.length;
  };
  const validationAccuracy = await accuracyOn(validation);
  if (validationAccuracy < goal) {
    await shipped.dispose();
    process.stderr.write(
      `${name}: ${(100 * validationAccuracy).toFixed(2)} % of the validation rows after ${trained.toFixed(1)} min, less than the goal of ` +
        `${100 * goal} %. The test set was not looked at; the weights are in ${tried}. Change the recipe.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const record = {
    data,
    testAccuracy: await accuracyOn(await openDataset(data, { split: 'test' })),
    validationAccuracy,
    goal,
    trainingRows: kept,
    epochs,
    batchSize,
    augment,
    minutes: Number(trained.toFixed(1)),
    cpuMinutes: Number(cpuMinutes.toFixed(1)),
    cores: physicalCores(),
    command: `node dist/bench/train-features.js ${data}`,
  };
  await shipped.dispose();
  const folder = join('weights', name);
  await writeModelFolder(folder, await readModelFolder(tried), { halfPrecision: true });
  await writeFileAtomic(join(folder, 'accuracy.json'), `${JSON.stringify(record, undefined, 2)}\n`);
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
