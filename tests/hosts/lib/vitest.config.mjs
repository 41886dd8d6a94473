// The JS client's own tests, which lie in its package and so below node_modules.
export default {
  test: {
    include: ['dist/**/__test__/*.spec.js'],
    exclude: [],
    testTimeout: 20000,
    cache: false,
    reporters: ['json'],
    // One after the other, as timeouts of some tests are tight.
    singleThread: true,
  },
};
