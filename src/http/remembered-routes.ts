import type { Result, Router } from "hono/router";

/** Most paths remembered; then all are forgotten, since nothing tells the frequent from the rare. */
const pathsMost = 2_000;

/**
 * A router that remembers what it found. Where routes overlap Hono walks its tree for every request, which costs more
 * than most handlers; busy paths (giving, a gateway's webhooks) are few. What is found is never changed by who uses it.
 */
export function rememberedRoutes<T>(router: Router<T>): Router<T> {
  const known = new Map<string, Result<T>>();
  return {
    name: router.name,
    add: (method, path, handler) => {
      known.clear();
      router.add(method, path, handler);
    },
    match: (method, path) => {
      const key = `${method} ${path}`;
      const before = known.get(key);
      if (before) return before;
      const found = router.match(method, path);
      if (known.size >= pathsMost) known.clear();
      known.set(key, found);
      return found;
    },
  };
}
