using Plexum.Codex.McpHost;

return RelayCommand.Run(args);
