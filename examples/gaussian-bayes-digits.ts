// A Gaussian for each digit: its mean image, digits drawn from it, and handwriting read by Bayes' rule.
//   node dist/examples/gaussian-bayes-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { drawPictures, gaussianBayes, mnist, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 60000 images [28, 28, 1] in [0, 1] with labels, and 10000 others to be read.
const data = isQuick ? subset(await mnist(), 2000) : await mnist();
const test = subset(await mnist({ split: 'test' }), isQuick ? 200 : 10_000);

// One matrix per digit knows which pixels are inked together; the floor keeps pixels that hardly vary from deciding alone.
const model = gaussianBayes({ covariance: isQuick ? 'diagonal' : 'full', covarianceFloor: 0.1 });
const { warnings } = await model.fit(data);
for (const warning of warnings) console.log(`warning: ${warning}`);

// The mean image of each digit, and a row of digits drawn for each.
for (const { name, svg } of await drawPictures(model, { data, seed: 1 })) await writeFile(`${name}.svg`, svg);

// Bayes' rule: the digit under which the image and the digit together are most probable.
const { x, labels } = await test.gather(Array.from({ length: test.length }, (_, row) => row));
const { values, classes } = await model.jointLogProb({ data: x, shape: [test.length, ...test.exampleShape] });
let right = 0;
for (let row = 0; row < test.length; row++) {
  const ofRow = values.subarray(row * classes.length, (row + 1) * classes.length);
  if (ofRow.indexOf(Math.max(...ofRow)) === labels?.[row]) right += 1;
}
console.log(`${((100 * right) / test.length).toFixed(1)} % of ${test.length} digits read right`);
console.log('class-means.svg and class-samples.svg written');

await model.dispose();
