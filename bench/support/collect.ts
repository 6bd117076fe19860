// Loaded before a process that runs with --expose-gc: SIGUSR2 makes it collect its garbage and say so.
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  console.error('garbage collected');
});
