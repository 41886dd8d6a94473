// The WebAssembly module with texts in place of memory.

/** What the tool could not do; `code` never changes. */
export class AirError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'AirError';
    this.code = code;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One instance. After a trap it is of no use any more. */
export class Instance {
  constructor(module) {
    this.exports = new WebAssembly.Instance(module).exports;
  }

  /** Bytes of its memory, which only grows. */
  get memory() {
    return this.exports.memory.buffer.byteLength;
  }

  /** One call of a function: a request as JSON text in, an answer as JSON text out. */
  call(request) {
    return this.#read(this.#guarded(() => this.exports.web_call(...this.#write(request))));
  }

  /** One message for the language server as JSON text: what it says at once. */
  receive(message) {
    return this.#messages(this.#guarded(() => this.exports.web_receive(...this.#write(message))));
  }

  /** Does one job of the language server: what it says then, or null if nothing was left to do. */
  step() {
    const answer = this.#guarded(() => this.exports.web_step());
    return answer === -1n ? null : this.#messages(answer);
  }

  #messages(answer) {
    return answer === 0n ? [] : JSON.parse(this.#read(answer));
  }

  #write(text) {
    const bytes = encoder.encode(text);
    const place = this.exports.web_allocate(bytes.length) >>> 0;
    if (place === 0) throw new AirError('memory', `no memory for ${bytes.length} bytes`);
    new Uint8Array(this.exports.memory.buffer).set(bytes, place);
    return [place, bytes.length];
  }

  /** The place is in the upper half, the length in the lower. */
  #read(answer) {
    const number = BigInt.asUintN(64, answer);
    const place = Number(number >> 32n);
    return decoder.decode(new Uint8Array(this.exports.memory.buffer, place, Number(number & 0xffffffffn)));
  }

  #guarded(run) {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      throw new AirError('trap', this.#lastWords() || error.message);
    }
  }

  #lastWords() {
    const place = this.exports.web_last_words() >>> 0;
    const words = new Uint8Array(this.exports.memory.buffer, place, 512);
    const end = words.indexOf(0);
    return decoder.decode(words.subarray(0, end < 0 ? words.length : end));
  }
}
