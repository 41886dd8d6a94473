// The functions on one module. An instance that trapped or has grown large is not used again.
import { AirError, Instance } from './module.mjs';

/** Bytes of memory after which the next call gets a new instance. */
const KEPT_MEMORY = 64 * 1024 * 1024;

export class Tool {
  #module;
  #instance;

  constructor(module) {
    this.#module = module;
  }

  /** The answer to one request as JSON text, as the module writes it. */
  answer(request) {
    this.#instance ??= new Instance(this.#module);
    const instance = this.#instance;
    // Until it has answered, it may be broken.
    this.#instance = undefined;
    const answer = instance.call(JSON.stringify(request));
    if (instance.memory <= KEPT_MEMORY) this.#instance = instance;
    return answer;
  }

  /** The result of one function. */
  call(name, text, { name: script, kind, ...options } = {}) {
    const { result, error } = JSON.parse(this.answer({ function: name, text, name: script, kind, options }));
    if (error) throw new AirError(error.code, error.message);
    return result;
  }

  check(script, options) {
    return this.call('check', script, options);
  }

  format(script, options) {
    return this.call('format', script, options);
  }

  beautify(script, options) {
    return this.call('beautify', script, options).text;
  }

  parse(script, options) {
    return this.call('parse', script, options);
  }

  run(script, options) {
    return this.call('run', script, options);
  }

  diagram(script, options) {
    return this.call('diagram', script, options).text;
  }

  explore(script, options) {
    return this.call('explore', script, options);
  }

  sample(script, options) {
    return this.call('sample', script, options).text;
  }

  explain(word) {
    const page = this.call('explain', word ?? '');
    return word ? page.markdown : page.entries;
  }
}
