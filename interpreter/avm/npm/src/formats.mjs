// How values travel between interpreter and host: MessagePack or JSON, after a number that says which.

import { decode, encode } from './msgpack.mjs';

const fromJson = new TextEncoder();
const toJson = new TextDecoder();

/** Number of a codec in the table of multiformats. */
const JSON_CODEC = 0x0200;
const MSGPACK_CODEC = 0x0201;

/** Values as JSON. */
export class JsonRepr {
  fromBinary(data) {
    return JSON.parse(toJson.decode(data));
  }

  toBinary(value) {
    return fromJson.encode(JSON.stringify(value));
  }

  get_code() {
    return JSON_CODEC;
  }
}

/** Values as MessagePack. */
export class MsgPackRepr {
  fromBinary(data) {
    return decode(data);
  }

  toBinary(value) {
    return encode(value);
  }

  get_code() {
    return MSGPACK_CODEC;
  }
}

/** Values in the representation that the data names; written in one of them. */
export class MulticodecRepr {
  constructor(serializer) {
    this.serializer = serializer;
  }

  fromBinary(data) {
    let code = 0;
    for (let at = 0, shift = 0; at < 9; at++, shift += 7) {
      if (at >= data.length) throw new Error('the data ends inside of the number of its codec');
      code += (data[at] & 0x7f) * 2 ** shift;
      if (data[at] < 0x80) return representation(code).fromBinary(data.subarray(at + 1));
    }
    throw new Error('the number of the codec is longer than nine bytes');
  }

  toBinary(value) {
    const body = this.serializer.toBinary(value);
    const prefix = [];
    let code = this.serializer.get_code();
    for (; code >= 0x80; code = Math.floor(code / 0x80)) prefix.push((code & 0x7f) | 0x80);
    prefix.push(code);
    const data = new Uint8Array(prefix.length + body.length);
    data.set(prefix);
    data.set(body, prefix.length);
    return data;
  }
}

function representation(code) {
  switch (code) {
    case JSON_CODEC:
      return new JsonRepr();
    case MSGPACK_CODEC:
      return new MsgPackRepr();
    default:
      throw new Error(`unknown code ${code} in multiformat data`);
  }
}
