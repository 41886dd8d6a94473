// The little of MessagePack that AquaVM's interface uses. Integers beyond 2^53 are read as the nearest number, as JSON
// numbers are in JavaScript.

const fromText = new TextEncoder();
const toText = new TextDecoder();

/** The bytes of a value: null, boolean, number, string, bytes, array or object. */
export function encode(value) {
  let bytes = new Uint8Array(256);
  let view = new DataView(bytes.buffer);
  let length = 0;
  const room = (more) => {
    if (length + more > bytes.length) {
      const longer = new Uint8Array(Math.max(bytes.length * 2, length + more));
      longer.set(bytes);
      bytes = longer;
      view = new DataView(bytes.buffer);
    }
    length += more;
    return length - more;
  };
  // The place first: making room exchanges `bytes` and `view`.
  const set = (name, width, it) => {
    const at = room(width);
    view[name](at, it);
  };
  const byte = (it) => set('setUint8', 1, it);
  const block = (it) => {
    const at = room(it.length);
    bytes.set(it, at);
  };
  const head = (size, small, limit, tags) => {
    if (size < limit) byte(small | size);
    else if (tags[0] !== undefined && size < 0x100) byte(tags[0]), byte(size);
    else if (size < 0x10000) byte(tags[1]), set('setUint16', 2, size);
    else byte(tags[2]), set('setUint32', 4, size);
  };
  const number = (it) => {
    if (!Number.isInteger(it) || Object.is(it, -0)) byte(0xcb), set('setFloat64', 8, it);
    else if (it >= 0) {
      if (it < 0x80) byte(it);
      else if (it < 0x100) byte(0xcc), byte(it);
      else if (it < 0x10000) byte(0xcd), set('setUint16', 2, it);
      else if (it < 0x100000000) byte(0xce), set('setUint32', 4, it);
      else if (it < 2 ** 64) byte(0xcf), set('setBigUint64', 8, BigInt(it));
      else byte(0xcb), set('setFloat64', 8, it);
    } else if (it >= -0x20) byte(it & 0xff);
    else if (it >= -0x80) byte(0xd0), byte(it & 0xff);
    else if (it >= -0x8000) byte(0xd1), set('setInt16', 2, it);
    else if (it >= -0x80000000) byte(0xd2), set('setInt32', 4, it);
    else if (it >= -(2 ** 63)) byte(0xd3), set('setBigInt64', 8, BigInt(it));
    else byte(0xcb), set('setFloat64', 8, it);
  };
  const put = (it) => {
    if (it === null || it === undefined) byte(0xc0);
    else if (typeof it === 'boolean') byte(it ? 0xc3 : 0xc2);
    else if (typeof it === 'number') number(it);
    else if (typeof it === 'string') {
      const text = fromText.encode(it);
      head(text.length, 0xa0, 32, [0xd9, 0xda, 0xdb]);
      block(text);
    } else if (it instanceof Uint8Array) {
      head(it.length, 0, 0, [0xc4, 0xc5, 0xc6]);
      block(it);
    } else if (Array.isArray(it)) {
      head(it.length, 0x90, 16, [undefined, 0xdc, 0xdd]);
      it.forEach(put);
    } else if (typeof it === 'object') {
      const members = Object.entries(it).filter(([, member]) => member !== undefined);
      head(members.length, 0x80, 16, [undefined, 0xde, 0xdf]);
      for (const [key, member] of members) put(key), put(member);
    } else throw new TypeError(`MessagePack has no ${typeof it}`);
  };
  put(value);
  return bytes.slice(0, length);
}

/** The value of the bytes; what comes after it is ignored. */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const skip = (more) => {
    if (at + more > bytes.length) throw new RangeError(`MessagePack ends at ${bytes.length}, in the middle of a value`);
    at += more;
    return at - more;
  };
  const block = (size) => bytes.subarray(skip(size), at);
  const string = (size) => toText.decode(block(size));
  // Of a broken length nothing is allocated: each element needs a byte.
  const list = (size) => {
    const items = [];
    for (let number = 0; number < size; number++) items.push(get());
    return items;
  };
  const map = (size) => {
    const object = {};
    for (let number = 0; number < size; number++) {
      const key = get();
      // `__proto__` is a key as others are.
      Object.defineProperty(object, key, { value: get(), enumerable: true, writable: true, configurable: true });
    }
    return object;
  };
  const get = () => {
    const tag = view.getUint8(skip(1));
    if (tag < 0x80) return tag;
    if (tag >= 0xe0) return tag - 0x100;
    if (tag < 0x90) return map(tag & 0x0f);
    if (tag < 0xa0) return list(tag & 0x0f);
    if (tag < 0xc0) return string(tag & 0x1f);
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: return block(view.getUint8(skip(1)));
      case 0xc5: return block(view.getUint16(skip(2)));
      case 0xc6: return block(view.getUint32(skip(4)));
      case 0xca: return view.getFloat32(skip(4));
      case 0xcb: return view.getFloat64(skip(8));
      case 0xcc: return view.getUint8(skip(1));
      case 0xcd: return view.getUint16(skip(2));
      case 0xce: return view.getUint32(skip(4));
      case 0xcf: return Number(view.getBigUint64(skip(8)));
      case 0xd0: return view.getInt8(skip(1));
      case 0xd1: return view.getInt16(skip(2));
      case 0xd2: return view.getInt32(skip(4));
      case 0xd3: return Number(view.getBigInt64(skip(8)));
      case 0xd9: return string(view.getUint8(skip(1)));
      case 0xda: return string(view.getUint16(skip(2)));
      case 0xdb: return string(view.getUint32(skip(4)));
      case 0xdc: return list(view.getUint16(skip(2)));
      case 0xdd: return list(view.getUint32(skip(4)));
      case 0xde: return map(view.getUint16(skip(2)));
      case 0xdf: return map(view.getUint32(skip(4)));
      default: throw new TypeError(`MessagePack tag 0x${tag.toString(16)} is not supported`);
    }
  };
  return get();
}
