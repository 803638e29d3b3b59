/** The gift's page: watches for news, copies, prints, and goes on to the gateway's page once. */
const root = document.querySelector<HTMLElement>("[data-stamp]");
if (root?.dataset.watch) watch(root.dataset.watch, root.dataset.stamp ?? "");
goOnce();
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) copyOn(button);
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** Asks every two seconds at first, ever more seldom after a minute, and not at all while nobody looks. */
function watch(url: string, stamp: string): void {
  const began = Date.now();
  const pause = () => {
    const waited = Date.now() - began;
    return waited < 60_000 ? 2000 : waited < 600_000 ? 6000 : 20_000;
  };
  const ask = async (): Promise<void> => {
    if (!document.hidden) {
      try {
        const answer = await fetch(url);
        const news = answer.ok ? ((await answer.json()) as { stamp?: string }) : {};
        if (news.stamp !== undefined && news.stamp !== stamp) {
          location.reload();
          return;
        }
      } catch {
        // Offline for a moment: ask again later.
      }
    }
    setTimeout(ask, pause());
  };
  setTimeout(ask, pause());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void ask();
  });
}

/** Follows the link to the gateway's page when the form was just sent; never again on Back or reload. */
function goOnce(): void {
  const query = new URLSearchParams(location.search);
  if (!query.has("new")) return;
  query.delete("new");
  history.replaceState(null, "", `${location.pathname}?${query}`);
  document.querySelector<HTMLAnchorElement>("[data-continue]")?.click();
}

function copyOn(button: HTMLButtonElement): void {
  const label = button.textContent;
  const live = document.querySelector<HTMLElement>("[data-live]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copyText(button.dataset.copy ?? "");
    if (!done) return;
    button.textContent = button.dataset.copied ?? label;
    if (live) live.textContent = button.dataset.copied ?? "";
    setTimeout(() => {
      button.textContent = label;
      if (live) live.textContent = "";
    }, 2500);
  });
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Old browsers and plain http: through a field that can be selected.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export {};
