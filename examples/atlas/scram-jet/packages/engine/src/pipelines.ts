/** A capability that API Mom knows by name, and what is asked of it. */
export interface Step {
  capability: string;
  prompt: string;
}

const PIPELINES = new Map<string, readonly Step[]>([
  [
    "press-kit",
    [
      { capability: "summarise", prompt: "Summarise this in three sentences." },
      { capability: "headline", prompt: "Write one headline for this summary." },
    ],
  ],
  ["translate", [{ capability: "translate", prompt: "Translate this into English." }]],
]);

export function findPipeline(name: string): readonly Step[] | undefined {
  return PIPELINES.get(name);
}
