// @openai/codex-sdk: a process of codex for each turn.
import { Codex } from "@openai/codex-sdk";
import { serve } from "./turns.mjs";

await serve(() => {
  const codex = new Codex({ codexPathOverride: process.env.CODEX_PATH });
  const threads = new Map();
  return {
    async run({ agent, cwd, text }, onText, signal) {
      if (!threads.has(agent)) {
        threads.set(
          agent,
          codex.startThread({
            workingDirectory: cwd,
            skipGitRepoCheck: true,
            sandboxMode: "danger-full-access",
            approvalPolicy: "never",
          }),
        );
      }

      const { events } = await threads.get(agent).runStreamed(text, { signal });
      let end = "ended early";
      for await (const event of events) {
        if (event.type === "item.completed" && event.item.type === "agent_message") {
          onText(event.item.text);
        } else if (event.type === "turn.failed" || event.type === "error") {
          throw new Error(event.error?.message ?? event.message);
        } else if (event.type === "turn.completed") {
          end = "completed";
        }
      }

      return end;
    },
  };
});
