// Feature spaces: what rows are turned into before metrics compare them.
export { classifierSpace } from './classifier-space.js';
export type { ExtractOptions, FeatureSpace, Features } from './feature-space.js';
export { type OnnxSpaceOptions, onnxSpace } from './node/onnx-space.js';
export {
  type FeatureSpaceOptions,
  featureSpaceFor,
  featureSpaceNames,
  openFeatureSpace,
} from './node/open-feature-space.js';
export { type ShippedClassifier, shippedAccuracy, shippedClassifiers } from './node/shipped-classifiers.js';
export type { ImageLayout, PixelScale } from './onnx-input.js';
export { pcaSpace } from './pca-space.js';
export { pixels } from './pixels.js';
