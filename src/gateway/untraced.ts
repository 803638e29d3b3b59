/**
 * Runs the stretch in which an SDK builds and sends its request, and keeps no stack meanwhile. SDKs note who called
 * them, or make an error in case they need one; with source maps that costs more than all an adapter translates, and
 * nobody reads it: what fails is told by its kind. The limit is set for synchronous code, which nothing else can enter.
 */
export function untraced<T>(start: () => T): T {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return start();
  } finally {
    Error.stackTraceLimit = usual;
  }
}
