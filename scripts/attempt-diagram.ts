import {
  type AttemptEvent,
  type AttemptState,
  attemptEvents,
  attemptStates,
  isLateSettlement,
  nextState,
  statusOf,
} from "../src/giving/attempt-state.ts";

/** What the events that are not a gateway's plain answer mean, for the reader of the diagram. */
const meanings: Partial<Record<AttemptEvent, string>> = {
  submit: "sent to the gateway",
  not_sent: "nothing left the house",
  never_seen: "the gateway proves it never had it",
  mismatch: "captured, another amount than ours",
  give_up_asking: "asked as often as we will",
  accepted: "two people take what arrived",
  returned: "two people send it back",
};

type Arrow = { readonly from: AttemptState; readonly to: AttemptState; readonly events: AttemptEvent[] };

/** One arrow for each pair of states, with all the events that make the step; steps onto itself are left out. */
function arrows(): readonly Arrow[] {
  const found: Arrow[] = [];
  for (const from of attemptStates) {
    for (const event of attemptEvents) {
      const to = nextState(from, event);
      if (to === undefined || to === from) continue;
      const known = found.find((arrow) => arrow.from === from && arrow.to === to);
      if (known) known.events.push(event);
      else found.push({ from, to, events: [event] });
    }
  }
  return found;
}

function label({ from, to, events }: Arrow): string {
  if (to === "captured" && isLateSettlement(from)) return "late settlement";
  return events.map((event) => meanings[event] ?? event).join(" / ");
}

/** `docs/attempt-states.md`: the transition table of src/giving/attempt-state.ts as a Mermaid diagram and a table. */
export function attemptDiagram(): string {
  const drawn = arrows().map((arrow) => `    ${arrow.from} --> ${arrow.to}: ${label(arrow)}`);
  const shown = attemptStates.map((state) => `| \`${state}\` | \`${statusOf[state]}\` |`);
  return `# The life of a payment attempt

Drawn from the table in \`src/giving/attempt-state.ts\` by \`npm run docs\`: change the table, not this page.

\`\`\`mermaid
stateDiagram-v2
    [*] --> created
${drawn.join("\n")}
\`\`\`

An answer that does not appear at a state changes nothing there: it is a repeat, or old news. Unknown is never
failure: \`in_doubt\` is left only by the gateway's word, or for a person to look at.

| attempt | shown as the donation's status |
|---|---|
${shown.join("\n")}
`;
}
