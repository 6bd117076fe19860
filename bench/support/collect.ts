// Loaded before a process that runs with --expose-gc: SIGUSR2 makes it collect its garbage and say what is left.
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  console.error(JSON.stringify({ msg: 'garbage collected', resident: rss, live: heapUsed + external }));
});
