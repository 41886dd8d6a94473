// Random scripts, and numbers that are the same each time.

/** Numbers from a seed (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** From 0 to `limit`, without it. */
  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let it = this.state;
    it = Math.imul(it ^ (it >>> 15), it | 1);
    it ^= it + Math.imul(it ^ (it >>> 7), it | 61);
    return ((it ^ (it >>> 14)) >>> 0) % limit;
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  of(list) {
    return list[this.below(list.length)];
  }
}

/** A script that AquaVM accepts, over these peers. */
export function script(random, peers) {
  let number = 0;
  const scope = { scalars: [], canons: [], iterators: [] };
  const fresh = (letter) => `${letter}${number++}`;
  const streams = ['$s', '$t'];
  const lens = () => random.of(['', '', '', '.$.a', '.$.[0]', '.$.b.[1]', '.length']);
  const peer = () => (random.chance(20) ? '%init_peer_id%' : `"${random.of(peers)}"`);
  const value = ({ scalars, canons, iterators }) => {
    const names = [...scalars, ...canons, ...iterators];
    if (names.length > 0 && random.chance(65)) return random.of(names) + lens();
    return random.of(['1', '-7', '1.5', 'true', '[]', '"text"', '%init_peer_id%', '%timestamp%', '%ttl%', ':error:', '%last_error%.$.message']);
  };
  const instruction = (depth, at) => {
    const leaf = depth <= 0;
    const what = random.below(leaf ? 40 : 100);
    if (what < 26) {
      const inputs = Array.from({ length: random.below(3) }, () => value(at)).join(' ');
      let output = '';
      if (random.chance(40)) output = random.of(streams);
      else if (random.chance(70)) at.scalars.push((output = fresh('x')));
      return `(call ${peer()} ("${random.of(['s', 'op'])}" "${random.of(['f', 'g', 'bad'])}") [${inputs}] ${output})`;
    }
    if (what < 32) {
      if (random.chance(50)) return `(ap ${value(at)} ${random.of(streams)})`;
      const input = value(at);
      at.scalars.push(fresh('y'));
      return `(ap ${input} ${at.scalars.at(-1)})`;
    }
    if (what < 36) {
      const target = `#${fresh('c')}`;
      const text = `(canon ${peer()} ${random.of(streams)} ${target})`;
      at.canons.push(target);
      return text;
    }
    if (what < 37) return random.of(['(null)', '(never)']);
    if (what < 39) return `(ap (${random.of(['"k"', '"l"', '3'])} ${value(at)}) %m)`;
    if (what < 40) return random.of([`(fail ${1 + random.below(9)} "failed")`, '(fail :error:)', '(fail %last_error%)']);
    // What one branch defines is not seen from the others where it may be missing; after a `seq` it is.
    const inner = () => ({ scalars: [...at.scalars], canons: [...at.canons], iterators: [...at.iterators] });
    if (what < 62) return `(seq ${instruction(depth - 1, at)} ${instruction(depth - 1, at)})`;
    if (what < 74) return `(par ${instruction(depth - 1, inner())} ${instruction(depth - 1, inner())})`;
    if (what < 86) return `(xor ${instruction(depth - 1, inner())} ${instruction(depth - 1, inner())})`;
    if (what < 90) {
      const [left, right] = [value(at), value(at)];
      return `(${random.of(['match', 'mismatch'])} ${left} ${right} ${instruction(depth - 1, inner())})`;
    }
    if (what < 93) return `(new ${random.of(streams)} ${instruction(depth - 1, inner())})`;
    const iterator = fresh('i');
    const body = inner();
    const iterable = random.chance(50) ? random.of(streams) : random.of([...at.scalars, ...at.canons, '[]']);
    body.iterators.push(iterator);
    const kind = random.of(['seq', 'par']);
    return `(fold ${iterable} ${iterator} (${kind} ${instruction(depth - 2, body)} (next ${iterator})))`;
  };
  return instruction(2 + random.below(4), scope);
}

/** What a service answers. */
export function answer(random, { function_name }) {
  if (function_name === 'bad') return { ret_code: 1 + random.below(3), result: '"no"' };
  const values = ['1', '"t"', 'null', '[1,2,3]', '{"a":[1,{"b":2}],"b":[0,"x"]}', '[]', '2.5', `"${random.below(1000)}"`];
  return { ret_code: 0, result: random.of(values) };
}
