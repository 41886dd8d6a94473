// Decides whether a text is an AIR script: AirScript, MUGEN animations and others use `.air` files too.

const INSTRUCTION = /^\(\s*(?:ap|call|canon|fail|fold|match|mismatch|never|new|next|null|par|seq|xor)(?![^\s()[\]";])/;

/** `false` only if the text is certainly something else: an empty text or a beginning may become a script. */
export function mayBeAir(text: string): boolean {
  const rest = text.replace(/^\uFEFF/, "").replace(/^(?:\s+|;.*)+/, "");
  return rest === "" || rest.startsWith("(") || INSTRUCTION.test(rest);
}

/** Whether the text is certainly a script, for files with other names. */
export function isAir(text: string): boolean {
  return INSTRUCTION.test(text.replace(/^\uFEFF/, "").replace(/^(?:\s+|;.*)+/, ""));
}

/** Whether a JSON text is a recorded particle or anomaly. */
export function isParticle(text: string): boolean {
  if (!/^\s*\{/.test(text) || !/"(?:air_script|script)"\s*:/.test(text)) return false;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof value !== "object" || value === null) return false;
  const script = "air_script" in value ? value.air_script : "script" in value ? value.script : undefined;
  return typeof script === "string" && isAir(script) && ["particle", "data", "prev_data", "current_data", "init_peer_id"].some((key) => key in value);
}
