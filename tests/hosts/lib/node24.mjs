import crypto from 'node:crypto';

// The client makes a key from its seed in a way that Node.js 24 refuses: without the public half.
const { createPrivateKey } = crypto;
crypto.createPrivateKey = (key) => {
  if (key?.format !== 'jwk' || key.key?.x !== '') return createPrivateKey(key);
  const seed = Buffer.from(key.key.d, 'base64url');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};
