// @agentclientprotocol/codex-acp: one adapter, which starts one codex app-server, and a session for each agent.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Readable, Writable } from "node:stream";
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import { serve } from "./turns.mjs";

await serve(async () => {
  const program = fileURLToPath(import.meta.resolve("@agentclientprotocol/codex-acp"));
  const adapter = spawn(process.execPath, [program], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, INITIAL_AGENT_MODE: "agent-full-access", NO_BROWSER: "1" },
  });
  const listeners = new Map();
  const { session: agentSession, initialize } = methods.agent;
  const connection = client({ name: "plexum-codex-bench" })
    .onNotification(methods.client.session.update, ({ params: { sessionId, update } }) => {
      if (update.sessionUpdate === "agent_message_chunk") {
        listeners.get(sessionId)?.(update.content.text);
      }
    })
    .onRequest(methods.client.session.requestPermission, ({ params: { options } }) => {
      const allowed = options.find((option) => option.kind.startsWith("allow"));
      return { outcome: { outcome: "selected", optionId: allowed.optionId } };
    })
    .connect(ndJsonStream(Writable.toWeb(adapter.stdin), Readable.toWeb(adapter.stdout))).agent;
  await connection.request(initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
  const sessions = new Map();
  return {
    async run({ agent, cwd, text }, onText, signal) {
      if (!sessions.has(agent)) {
        sessions.set(agent, connection.request(agentSession.new, { cwd, mcpServers: [] }));
      }

      const { sessionId } = await sessions.get(agent);
      listeners.set(sessionId, onText);
      signal.addEventListener("abort", () => connection.notify(agentSession.cancel, { sessionId }), { once: true });
      const { stopReason } = await connection.request(agentSession.prompt, {
        sessionId,
        prompt: [{ type: "text", text }],
      });
      return stopReason === "end_turn" ? "completed" : stopReason;
    },
    close() {
      adapter.stdin.end();
    },
  };
});
