// The least that an MCP server over stdio can be in node: what the relay is measured beside. It needs no packages.
import { createInterface } from 'node:readline';

const answers = {
  initialize: (parameters) => ({
    protocolVersion: parameters?.protocolVersion ?? '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'node-mcp-server', version: '1' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools: [] }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) {
    const answer = answers[method];
    const content = answer ? { result: answer(params) } : { error: { code: -32601, message: `There is no method ${method}.` } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...content })}\n`);
  }
}
