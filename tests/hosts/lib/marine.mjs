// A module with AquaVM's interface, called as Marine calls it: through its exports and its memory.
import { readFileSync } from 'node:fs';
import { decode, decodeMulti, asBytes } from './msgpack.mjs';

const text = new TextDecoder();
const bytes = new TextEncoder();

/** WASI as far as the published module calls it: a clock, randomness, no files. */
function wasi(memory) {
  const view = () => new DataView(memory().buffer);
  return {
    clock_time_get: (_clock, _precision, place) => {
      view().setBigUint64(place, BigInt(Date.now()) * 1000000n, true);
      return 0;
    },
    random_get: (place, length) => {
      crypto.getRandomValues(new Uint8Array(memory().buffer, place, length));
      return 0;
    },
    environ_sizes_get: (count, size) => {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return 0;
    },
    environ_get: () => 0,
    sched_yield: () => 0,
    // Everything is written, to nowhere: the published module prints reports of errors.
    fd_write: (_file, list, count, written) => {
      let length = 0;
      for (let number = 0; number < count; number++) length += view().getUint32(list + number * 8 + 4, true);
      view().setUint32(written, length, true);
      return 0;
    },
    proc_exit: (code) => {
      throw new Error(`the module ended with ${code}`);
    },
  };
}

export class Avm {
  static open(file) {
    return new Avm(new WebAssembly.Module(readFileSync(file)));
  }

  constructor(module) {
    this.module = module;
    this.start();
  }

  start() {
    const memory = () => this.exports.memory;
    const imports = { wasi_snapshot_preview1: wasi(memory), __marine_host_api_v3: { log_utf8_string: () => {} } };
    this.exports = new WebAssembly.Instance(this.module, imports).exports;
    this.exports._initialize?.();
    this.exports._start?.();
  }

  /** Bytes of memory. */
  get memory() {
    return this.exports.memory.buffer.byteLength;
  }

  section(name) {
    return WebAssembly.Module.customSections(this.module, name).map((section) => new Uint8Array(section));
  }

  /** Place and length of what the module may read. */
  pass(content) {
    const block = typeof content === 'string' ? bytes.encode(content) : content;
    const place = this.exports.allocate(block.length, 1) >>> 0;
    new Uint8Array(this.exports.memory.buffer).set(block, place);
    return [place, block.length];
  }

  read(place, length) {
    return new Uint8Array(this.exports.memory.buffer).slice(place >>> 0, (place >>> 0) + length);
  }

  params(params) {
    const record = new DataView(new ArrayBuffer(70));
    let at = 0;
    const slice = (content) => {
      for (const number of this.pass(content)) {
        record.setUint32(at, number, true);
        at += 4;
      }
    };
    const wide = (number) => {
      record.setBigUint64(at, BigInt(number), true);
      at += 8;
    };
    slice(params.init_peer_id);
    slice(params.current_peer_id);
    wide(params.timestamp);
    record.setUint32(at, params.ttl, true);
    record.setUint8(at + 4, params.key_format);
    at += 5;
    slice(Uint8Array.from(params.secret_key_bytes));
    slice(params.particle_id);
    wide(params.air_size_limit);
    wide(params.particle_size_limit);
    wide(params.call_result_size_limit);
    record.setUint8(at, Number(params.hard_limit_enabled));
    return this.pass(new Uint8Array(record.buffer))[0];
  }

  invoke(air, prev, data, params, results) {
    const [before, after] = [[...this.pass(air), ...this.pass(prev), ...this.pass(data)], this.pass(results)];
    this.exports.invoke(...before, this.params(params), ...after);
    return this.outcome();
  }

  invokeTracing(air, prev, data, params, results, tracing, mode) {
    const [before, after] = [[...this.pass(air), ...this.pass(prev), ...this.pass(data)], this.pass(results)];
    this.exports.invoke_tracing(...before, this.params(params), ...after, ...this.pass(tracing), mode);
    return this.outcome();
  }

  outcome() {
    const record = new DataView(this.read(this.exports.get_result_ptr(), 43).buffer);
    const slice = (at) => this.read(record.getUint32(at, true), record.getUint32(at + 4, true));
    const list = record.getUint32(24, true);
    const peers = Array.from({ length: record.getUint32(28, true) }, (_, number) => {
      const peer = new DataView(this.read(list + number * 8, 8).buffer);
      return text.decode(this.read(peer.getUint32(0, true), peer.getUint32(4, true)));
    });
    const outcome = {
      ret_code: Number(record.getBigInt64(0, true)),
      error_message: text.decode(slice(8)),
      data: slice(16),
      next_peer_pks: peers,
      call_requests: slice(32),
      flags: [40, 41, 42].map((at) => record.getUint8(at)),
    };
    this.exports.release_objects();
    return outcome;
  }

  text(name, content) {
    this.exports[name](...this.pass(content));
    const answer = text.decode(this.read(this.exports.get_result_ptr(), this.exports.get_result_size()));
    this.exports.release_objects();
    return answer;
  }

  ast(script) {
    return this.text('ast', script);
  }

  readable(data) {
    return this.text('to_human_readable_data', data);
  }
}

/** Requests of an outcome with their values; null after an error at the very end. */
export function requestsOf(raw) {
  if (raw.length === 0) return null;
  return Object.fromEntries(
    Object.entries(decodeMulti(raw)).map(([id, { service_id, function_name, arguments: values, tetraplets }]) => [
      id,
      { service_id, function_name, arguments: decode(asBytes(values)), tetraplets: decode(asBytes(tetraplets)) },
    ]),
  );
}

/** The release that a module's data names as its producer; its messages name it too. */
export const VERSION = /\b0\.6\d\.\d+\b/g;
