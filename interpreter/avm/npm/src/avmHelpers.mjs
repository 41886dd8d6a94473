// From what the JS client has to what Marine takes, and back.

import { MsgPackRepr, MulticodecRepr } from './formats.mjs';

const multi = new MulticodecRepr(new MsgPackRepr());
const plain = new MsgPackRepr();

/** No limit: 4 GiB, more than the memory of a module. */
const LIMIT_BYTES = 4294967296;

/**
 * The arguments of `invoke`.
 *
 * @param runParams - peers, key, time and particle
 * @param air - the script
 * @param prevData - what this peer has kept of the particle
 * @param data - what has come with the particle
 * @param callResults - answers of services, by the number of the request
 */
export function serializeAvmArgs(runParams, air, prevData, data, callResults) {
  const results = {};
  for (const [key, { retCode, result }] of callResults) {
    results[key] = { ret_code: retCode, result };
  }
  const params = {
    init_peer_id: runParams.initPeerId,
    current_peer_id: runParams.currentPeerId,
    key_format: runParams.keyFormat,
    secret_key_bytes: Array.from(runParams.secretKeyBytes),
    timestamp: runParams.timestamp,
    ttl: runParams.ttl,
    particle_id: runParams.particleId,
    air_size_limit: LIMIT_BYTES,
    particle_size_limit: LIMIT_BYTES,
    call_result_size_limit: LIMIT_BYTES,
    hard_limit_enabled: false,
  };
  return [air, Array.from(prevData), Array.from(data), params, Array.from(multi.toBinary(results))];
}

/**
 * The outcome of `invoke`, read.
 *
 * @param result - what Marine gives back
 * @throws if the requests cannot be read
 */
export function deserializeAvmResult(result) {
  const raw = Uint8Array.from(result.call_requests);
  // No bytes come after an error at the very end: nothing is asked for.
  const requests = raw.length === 0 ? {} : read('call requests', multi, raw);
  const callRequests = Object.entries(requests).map(([key, request]) => [
    Number(key),
    {
      serviceId: request.service_id,
      functionName: request.function_name,
      arguments: read('arguments', plain, Uint8Array.from(request.arguments)),
      tetraplets: read('tetraplets', plain, Uint8Array.from(request.tetraplets)),
    },
  ]);
  return {
    retCode: result.ret_code,
    errorMessage: result.error_message,
    data: Uint8Array.from(result.data),
    nextPeerPks: result.next_peer_pks,
    callRequests,
  };
}

function read(what, representation, bytes) {
  try {
    return representation.fromBinary(bytes);
  } catch (error) {
    throw new Error(`Couldn't parse ${what}: ${error.message}. Original data is: ${bytes}`, { cause: error });
  }
}

/** One invocation: `fn` hands the arguments to Marine, now or later. */
export async function callAvm(fn, runParams, air, prevData, data, callResults) {
  return deserializeAvmResult(await fn(serializeAvmArgs(runParams, air, prevData, data, callResults)));
}
