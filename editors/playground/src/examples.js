// Ten lessons, from the first call to races: a script, the answers that it gets, and what to look at.

export const examples = [
  {
    name: 'First call',
    about: 'A call asks a service of a peer for a value and keeps it in a variable. Press Run: the value appears after the call.',
    script: `; A particle starts at its initiator and goes where it is called.
(seq
 (call "@greeter" ("greeting" "hello") ["world"] text)
 (call %init_peer_id% ("run-console" "print") [text])
)
`,
    sample: {
      services: [{ peer: '@greeter', service: 'greeting', function: 'hello', answer: { ok: 'Hello, world!' } }],
    },
  },
  {
    name: 'One after the other',
    about: 'seq runs its second branch when the first one is done. The second call passes on what the first one got; .$.name takes a field of it.',
    script: `(seq
 (call "@library" ("books" "newest") [] book)
 (seq
  (call "@shop" ("prices" "of") [book.$.name] price)
  (call %init_peer_id% ("run-console" "print") [book.$.name price])
 )
)
`,
    sample: {
      services: [
        { function: 'newest', answer: { ok: { name: 'Lighthouses', pages: 212 } } },
        { function: 'of', answer: { by_arg: { Lighthouses: { ok: 24 }, '*': { err: [1, 'not on sale'] } } } },
      ],
    },
  },
  {
    name: 'Both at once',
    about: 'par starts both branches and is done when one of them is. Here a join follows: the last call needs both values, so it waits for both.',
    script: `(seq
 (par
  (call "@north" ("weather" "now") [] north)
  (call "@south" ("weather" "now") [] south)
 )
 (call %init_peer_id% ("run-console" "print") [north.$.sky south.$.sky])
)
`,
    sample: {
      services: [
        { peer: '@north', function: 'now', answer: { ok: { sky: 'snow', degrees: -3 } } },
        { peer: '@south', function: 'now', answer: { ok: { sky: 'sun', degrees: 21 } } },
      ],
    },
  },
  {
    name: 'When a call fails',
    about: 'xor runs its second branch when the first one fails; :error: says what went wrong. Change "err" to "ok" in the sample data and run again.',
    script: `(xor
 (seq
  (call "@bank" ("account" "withdraw") [40] left)
  (call %init_peer_id% ("run-console" "print") ["left:" left])
 )
 (call %init_peer_id% ("run-console" "print") ["refused:" :error:.$.message])
)
`,
    sample: {
      services: [{ peer: '@bank', function: 'withdraw', answer: { err: [7, 'only 12 are there'] } }],
    },
  },
  {
    name: 'If and else',
    about: 'match runs its instruction only when both values are equal, and fails otherwise. In an xor that makes an "else".',
    script: `(seq
 (call "@door" ("lock" "state") [] state)
 (xor
  (match state "open"
   (call "@door" ("lock" "close") [])
  )
  (call %init_peer_id% ("run-console" "print") ["nothing to do, it is" state])
 )
)
`,
    sample: {
      services: [
        { function: 'state', answer: { ok: 'closed' } },
        { function: 'close', answer: { ok: true } },
      ],
    },
  },
  {
    name: 'For each',
    about: 'fold runs its body for each element of an array; next goes on with the next one. Hover over a value to see those of all rounds.',
    script: `(seq
 (call %init_peer_id% ("list" "friends") [] friends)
 (fold friends friend
  (seq
   (seq
    (call friend.$.peer ("mail" "deliver") ["See you at eight"] receipt)
    (call %init_peer_id% ("run-console" "print") [friend.$.peer receipt])
   )
   (next friend)
  )
 )
)
`,
    sample: {
      services: [
        { function: 'friends', answer: { ok: [{ peer: '@ada' }, { peer: '@ben' }, { peer: '@cleo' }] } },
        { peer: '@ada', function: 'deliver', answer: { ok: 'read' } },
        { function: 'deliver', answer: { ok: 'waiting' } },
      ],
    },
  },
  {
    name: 'Streams',
    about: 'Many peers append to a stream. canon fixes what it has on one peer; from then on the list does not change any more.',
    script: `(new $votes
 (seq
  (seq
   (call "@ada" ("poll" "vote") [] $votes)
   (call "@ben" ("poll" "vote") [] $votes)
  )
  (seq
   (canon %init_peer_id% $votes #votes)
   (call %init_peer_id% ("run-console" "print") [#votes #votes.length])
  )
 )
)
`,
    sample: {
      services: [
        { peer: '@ada', function: 'vote', answer: { ok: 'yes' } },
        { peer: '@ben', function: 'vote', answer: { ok: 'no' } },
      ],
    },
  },
  {
    name: 'Asking many at once',
    about: 'With par around next, a fold does not wait for one peer before it asks the next one. One of them fails, and the others go on.',
    script: `(seq
 (call %init_peer_id% ("list" "nodes") [] nodes)
 (fold nodes node
  (par
   (seq
    (call node ("clock" "now") [] time)
    (call %init_peer_id% ("run-console" "print") [node time])
   )
   (next node)
  )
  (never)
 )
)
`,
    sample: {
      services: [
        { function: 'nodes', answer: { ok: ['@one', '@two', '@three'] } },
        { peer: '@one', function: 'now', answer: { ok: 1200 } },
        { peer: '@three', function: 'now', answer: { ok: 1203 } },
        { peer: '@two', function: 'now', answer: { err: [1, 'no clock here'] } },
      ],
    },
  },
  {
    name: 'Lost on the way',
    about: 'Two peers are asked and the first answer is enough. Press Try faults: each message is lost once and each peer is dead once, and the initiator always learns the same. Take one of the two calls away and try again.',
    script: `(seq
 (par
  (call "@first" ("store" "get") ["key"] $found)
  (call "@second" ("store" "get") ["key"] $found)
 )
 (seq
  (canon %init_peer_id% $found #found)
  (call %init_peer_id% ("run-console" "print") [#found])
 )
)
`,
    sample: {
      services: [{ function: 'get', answer: { ok: 'value' } }],
    },
  },
  {
    name: 'A race',
    about: 'Whoever answers first decides what is sold. Press Explore orders: there is more than one end, and each can be shown with its order.',
    script: `; The first offer that comes home is taken.
(seq
 (par
  (call "@ada" ("offers" "make") [] $offers)
  (call "@ben" ("offers" "make") [] $offers)
 )
 (seq
  (canon %init_peer_id% $offers #offers)
  (call %init_peer_id% ("run-console" "print") ["taken:" #offers.$.[0]])
 )
)
`,
    sample: {
      services: [
        { peer: '@ada', function: 'make', answer: { ok: { by: 'ada', price: 10 } } },
        { peer: '@ben', function: 'make', answer: { ok: { by: 'ben', price: 12 } } },
      ],
    },
  },
];
