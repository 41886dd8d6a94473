// A module inside of @fluencelabs/marine-js, as the JS client runs it.
import { readFileSync } from 'node:fs';
import { MarineService } from '@fluencelabs/marine-js/MarineService';
import { defaultCallParameters } from '@fluencelabs/marine-js/types';
import { fileURLToPath } from 'node:url';

const control = new WebAssembly.Module(
  readFileSync(fileURLToPath(import.meta.resolve('@fluencelabs/marine-js/marine-js.wasm'))),
);
const CONFIG = {
  modules_config: [
    {
      import_name: 'avm',
      config: {
        logger_enabled: true,
        logging_mask: 0,
        wasi: { envs: {}, preopened_files: new Set(), mapped_dirs: new Map() },
      },
    },
  ],
};

export class MarineJs {
  static async open(file) {
    const avm = new MarineJs();
    avm.bytes = new Uint8Array(readFileSync(file));
    await avm.start();
    return avm;
  }

  async start() {
    this.service = new MarineService(control, 'avm', () => {}, CONFIG, { avm: this.bytes }, {});
    await this.service.init();
  }

  call(name, args) {
    return this.service.call(name, args, defaultCallParameters);
  }

  invoke(air, prev, data, params, results) {
    const outcome = this.call('invoke', [air, [...prev], [...data], params, [...results]]);
    const { air_size_limit_exceeded, particle_size_limit_exceeded, call_result_size_limit_exceeded } = outcome;
    return {
      ...outcome,
      data: Uint8Array.from(outcome.data),
      call_requests: Uint8Array.from(outcome.call_requests),
      flags: [air_size_limit_exceeded, particle_size_limit_exceeded, call_result_size_limit_exceeded],
    };
  }

  ast(script) {
    return this.call('ast', [script]);
  }

  readable(data) {
    return this.call('to_human_readable_data', [[...data]]);
  }
}
