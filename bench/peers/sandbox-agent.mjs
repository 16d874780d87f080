// sandbox-agent: its server, which starts the codex-acp that is on PATH, and its own client with a session for each agent.
import { spawn } from "node:child_process";
import { chmodSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxAgent } from "sandbox-agent";
import { serve } from "./turns.mjs";

const here = dirname(fileURLToPath(import.meta.url));

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

await serve(async () => {
  // npm's package has the program without its permission to run.
  const folder = join(here, "node_modules", "@sandbox-agent", `cli-${process.platform}-${process.arch}`);
  const program = realpathSync(join(folder, "bin", "sandbox-agent"));
  chmodSync(program, 0o755);
  const port = await freePort();
  const path = [join(here, "node_modules", ".bin"), dirname(process.env.CODEX_PATH), process.env.PATH].join(":");
  const server = spawn(program, ["server", "--no-token", "--no-telemetry", "--host", "127.0.0.1", "--port", String(port)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PATH: path, INITIAL_AGENT_MODE: "agent-full-access", NO_BROWSER: "1" },
  });
  const client = await SandboxAgent.connect({ baseUrl: `http://127.0.0.1:${port}` });
  const sessions = new Map();
  const listeners = new Map();
  const open = async (agent, cwd) => {
    const session = await client.createSession({ agent: "codex", cwd });
    session.onPermissionRequest((request) => session.respondPermission(request.id, "always"));
    session.onEvent((event) => {
      const update = event.payload?.params?.update;
      if (update?.sessionUpdate === "agent_message_chunk") {
        listeners.get(agent)?.(update.content.text);
      }
    });
    return session;
  };
  return {
    async run({ agent, cwd, text }, onText, signal) {
      if (!sessions.has(agent)) {
        sessions.set(agent, open(agent, cwd));
      }

      const session = await sessions.get(agent);
      listeners.set(agent, onText);
      // Its client has no other way to cancel a turn.
      const cancel = () => {
        sessions.delete(agent);
        void client.destroySession(session.id);
      };
      signal.addEventListener("abort", cancel, { once: true });
      const { stopReason } = await session.prompt([{ type: "text", text }]);
      return stopReason === "end_turn" ? "completed" : stopReason;
    },
    close() {
      server.kill("SIGTERM");
    },
  };
});
