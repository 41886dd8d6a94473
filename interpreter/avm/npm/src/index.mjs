// What `@fluencelabs/avm` exports.

export { KeyPairFormat } from './types.mjs';
export { callAvm, deserializeAvmResult, serializeAvmArgs } from './avmHelpers.mjs';
export { JsonRepr, MsgPackRepr, MulticodecRepr } from './formats.mjs';
