// An ONNX model file around a graph.
import { create, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema } from './onnx_pb.js';

/** The operator set the graphs are written in; 20 has every operator used here and is read by all runtimes of the last years. */
export const opset = 20;

/** The sets of operators that a graph and its bodies use; ONNX's own always. */
function domainsOf({ node }: GraphProto): string[] {
  const used = node.flatMap(({ domain, attribute }) => [
    domain,
    ...attribute.flatMap(({ g }) => (g === undefined ? [] : domainsOf(g))),
  ]);
  return [...new Set(['', ...used])];
}

/** The bytes of an ONNX model, readable by Netron and, unless it was made for one device, by any ONNX runtime. */
export function writeModel(graph: GraphProto, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 9n,
      producerName: 'verisim',
      graph,
      opsetImport: domainsOf(graph).map((domain) => ({ domain, version: domain === '' ? BigInt(opset) : 1n })),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    }),
  );
}
