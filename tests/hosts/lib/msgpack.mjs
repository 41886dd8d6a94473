// What the package uses, and the codec before it that says that it is MessagePack.
import { decode } from '../../../interpreter/avm/npm/src/msgpack.mjs';

export { decode, encode } from '../../../interpreter/avm/npm/src/msgpack.mjs';

export function decodeMulti(bytes) {
  if (bytes[0] !== 0x81 || bytes[1] !== 0x04) throw new Error('not multicodec MessagePack');
  return decode(bytes.subarray(2));
}

/** Serialized parts are bytes, or arrays of numbers. */
export const asBytes = (it) => (it instanceof Uint8Array ? it : Uint8Array.from(it));
