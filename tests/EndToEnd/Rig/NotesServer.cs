namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>An MCP server that speaks just enough: one tool that answers and one that fails.</summary>
internal static class NotesServer
{
    private const string Script =
        """
            #!/bin/sh
            while IFS= read -r line; do
              id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
              case $line in
                *'"method":"initialize"'*) result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}}
            """
        + """
            ,"serverInfo":{"name":"notes","version":"1"}}' ;;
                *'"method":"tools/list"'*) result='{"tools":[{"name":"get","description":"Gets a note.","inputSchema":{"type":"object"}},
            """
        + """
            {"name":"fail","description":"Fails.","inputSchema":{"type":"object"}}]}' ;;
                *'"name":"fail"'*) result='{"content":[{"type":"text","text":"no such note"}],"isError":true}' ;;
                *'"method":"tools/call"'*) result='{"content":[{"type":"text","text":"a note"}]}' ;;
                *) continue ;;
              esac
              [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
            done
            """;

    /// <summary>Has codex start it, as <c>notes</c>.</summary>
    public static void AddTo(CodexRig rig)
    {
        var script = rig.File("notes.sh");
        File.WriteAllText(script, Script);
        File.AppendAllText(
            Path.Combine(rig.CodexHome, "config.toml"),
            $"\n[mcp_servers.notes]\ncommand = \"/bin/sh\"\nargs = [\"{script}\"]\n"
                + "required = true\ndefault_tools_approval_mode = \"approve\"\n"
        );
    }
}
