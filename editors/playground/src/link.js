// A link that carries everything in its fragment, which browsers do not send to anybody: packed JSON in base64 for URLs.

export async function pack(state) {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** What a fragment carries; null if it is none of ours. */
export async function unpack(fragment) {
  if (!fragment.startsWith('#s=')) return null;
  try {
    const bytes = Uint8Array.from(atob(fragment.slice(3).replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const { script, sample, order, fault } = JSON.parse(await new Response(stream).text());
    return { script: String(script ?? ''), sample: String(sample ?? ''), order: String(order ?? ''), fault: String(fault ?? '') };
  } catch {
    return null;
  }
}
