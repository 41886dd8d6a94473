// The language server: a message at a time, a job at a time, so that what the client sends meanwhile comes before later jobs.
import { Instance } from './module.mjs';

export class Server {
  #instance;
  #send;
  #waiting = new Set();
  #scheduled = false;
  #dead;

  /** `send` gets each message that the server says. */
  constructor(module, send) {
    this.#instance = new Instance(module);
    this.#send = send;
  }

  receive(message) {
    if (this.#dead) {
      if (message.method && message.id !== undefined) this.#refuse(message.id);
      return;
    }
    let text;
    try {
      text = JSON.stringify(message);
    } catch (error) {
      // Nested too deeply for JavaScript; without an id nobody waits.
      if (message.id !== undefined) this.#send({ jsonrpc: '2.0', id: message.id, error: { code: -32700, message: error.message } });
      return;
    }
    if (message.method && message.id !== undefined) this.#waiting.add(message.id);
    this.#guarded(() => this.#say(this.#instance.receive(text)));
    this.#schedule();
  }

  #work() {
    this.#scheduled = false;
    if (this.#dead) return;
    this.#guarded(() => {
      const said = this.#instance.step();
      if (said === null) return;
      this.#say(said);
      this.#schedule();
    });
  }

  #schedule() {
    if (this.#scheduled || this.#dead) return;
    this.#scheduled = true;
    later(() => this.#work());
  }

  #say(messages) {
    for (const message of messages) {
      if (!message.method) this.#waiting.delete(message.id);
      this.#send(message);
    }
  }

  /** A trap ends the instance, and there is no other with its documents: the client has to start the server again. */
  #guarded(run) {
    try {
      run();
    } catch (error) {
      this.#dead = error.message;
      for (const id of this.#waiting) this.#refuse(id);
      const message = `the AIR language server ended: ${error.message}`;
      this.#send({ jsonrpc: '2.0', method: 'window/showMessage', params: { type: 1, message } });
    }
  }

  #refuse(id) {
    this.#send({ jsonrpc: '2.0', id, error: { code: -32603, message: this.#dead } });
  }
}

/** After messages that have come already, and without the 4 ms that timers wait. */
function later(run) {
  if (typeof setImmediate === 'function') return setImmediate(run);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}
