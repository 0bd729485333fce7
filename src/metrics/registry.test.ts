import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, UnknownNameError } from '../core/errors.js';
import { computeMetric } from './compute-metric.js';
import { metricNamed, metrics, metricsFor } from './registry.js';

test('names are of their own, and every metric says what it is', () => {
  assert.equal(new Set(metrics.map(({ name }) => name)).size, metrics.length);
  assert.equal(new Set(metrics.map(({ title }) => title)).size, metrics.length);
  for (const { name, title, measures, source, needs, range, minimumRows } of metrics) {
    assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(measures, /^[A-Z].*\.$/, name);
    assert.ok(title !== '' && source !== '' && needs.length > 0 && minimumRows >= 1, name);
    assert.ok(range[0] < range[1], name);
  }
});

test('metrics stand in the order of their topics', () => {
  const topics = ['likelihood', 'samples', 'copying', 'diversity', 'representation'];
  const order = metrics.map(({ topic }) => topics.indexOf(topic));
  assert.deepEqual(order, order.toSorted());
});

test('a name that is none: the nearest is suggested', () => {
  assert.equal(metricNamed('log-density').title, 'Mean log-density');
  assert.throws(
    () => metricNamed('bit-per-dimension'),
    (error) => error instanceof UnknownNameError && /Did you mean "bits-per-dimension"/.test(error.message),
  );
});

test('only what the inputs allow is chosen', async () => {
  assert.deepEqual(metricsFor({}), []);
  await assert.rejects(
    computeMetric(metricNamed('log-density'), {}),
    (error) => error instanceof ConfigError && /needs likelihoods; likelihoods is missing/.test(error.message),
  );
});
