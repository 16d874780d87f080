// What the three drivers share: turns come as JSON lines on standard input, and what becomes of them goes out the same way.
//   in   {"turn":1,"agent":"a-1","cwd":"/…","text":"…","mark":"what the answer begins with"}   {"cancel":1}
//   out  {"ready":true}   {"turn":1,"text":true} at the answer's first text   {"turn":1,"end":"…"}   {"turn":1,"error":"…"}
import { createInterface } from "node:readline";

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** @param open Makes what answers turns: an object with `run(turn, onText, signal)`. */
export async function serve(open) {
  const running = new Map();
  const driver = await open();
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.cancel !== undefined) {
      running.get(message.cancel)?.abort();
    } else {
      void run(message);
    }
  }

  await driver.close?.();
  process.exit(0);

  async function run(turn) {
    const cancel = new AbortController();
    running.set(turn.turn, cancel);
    let told = false;
    // Some also send what codex warns of as text.
    const onText = (text) => {
      if (!told && text?.includes(turn.mark)) {
        told = true;
        say({ turn: turn.turn, text: true });
      }
    };
    try {
      say({ turn: turn.turn, end: await driver.run(turn, onText, cancel.signal) });
    } catch (error) {
      say(cancel.signal.aborted ? { turn: turn.turn, end: "cancelled" } : { turn: turn.turn, error: String(error?.stack ?? error) });
    } finally {
      running.delete(turn.turn);
    }
  }
}
