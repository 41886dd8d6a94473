// The only type that is a value.

/** Kinds of keys that the interpreter takes. */
export const KeyPairFormat = Object.freeze({ Ed25519: 0, 0: 'Ed25519' });
