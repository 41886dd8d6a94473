// Keys of peers by name: the secret is the name's SHA-256.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(bytes) {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + text;
}

/** `{ id, secret }` of a name. */
export function peerOf(name) {
  const secret = createHash('sha256').update(name).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { id: base58(Buffer.concat([Buffer.from('002408011220', 'hex'), raw])), secret };
}

/** Parameters of an invocation as AquaVM's hosts give them. */
export function parameters(init, current, particle, more = {}) {
  return {
    init_peer_id: init.id,
    current_peer_id: current.id,
    timestamp: 1696934545662,
    ttl: 7000,
    key_format: 0,
    secret_key_bytes: [...current.secret],
    particle_id: particle,
    air_size_limit: 2 ** 32,
    particle_size_limit: 2 ** 32,
    call_result_size_limit: 2 ** 32,
    hard_limit_enabled: false,
    ...more,
  };
}
