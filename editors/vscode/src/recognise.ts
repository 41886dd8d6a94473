// Whether a text is an AIR script: `.air` files are also AirScript, MUGEN animations and others.

const INSTRUCTION = /^\(\s*(?:ap|call|canon|fail|fold|match|mismatch|never|new|next|null|par|seq|xor)(?![^\s()[\]";])/;

/** `false` only if it is surely something else: what is empty, or being typed, may become a script. */
export function mayBeAir(text: string): boolean {
  const rest = text.replace(/^\uFEFF/, "").replace(/^(?:\s+|;.*)+/, "");
  return rest === "" || rest.startsWith("(") || INSTRUCTION.test(rest);
}

/** Whether it is one, for files of other names. */
export function isAir(text: string): boolean {
  return INSTRUCTION.test(text.replace(/^\uFEFF/, "").replace(/^(?:\s+|;.*)+/, ""));
}

/** What a JSON text is for AIR: a recorded particle or anomaly, or neither. */
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
