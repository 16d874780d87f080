using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

public sealed class OpenApiSpecs
{
    private static readonly JsonObject Document = JsonNode.Parse(OpenApi.Open())!.AsObject();

    private static JsonObject Schemas => Document["components"]!["schemas"]!.AsObject();

    [Fact]
    public async Task It_is_served_as_it_is()
    {
        await using var stage = await DaemonStage.StartAsync();

        var answer = await stage.Api.GetAsync("/openapi.json");

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        Assert.True(JsonNode.DeepEquals(Document, answer.Json));
        Assert.Equal("3.1.0", (string)answer.Json["openapi"]!);
    }

    [Fact]
    public void Every_route_stands_in_it_and_no_other()
    {
        using var context = new DaemonContext(ProgramSettings.Load(new Profile("/nowhere"), [], new Hashtable()), NoLedger.Instance);
        var routes = ApiRoutes.Of(context).Select(route => $"{route.Method} {route.Pattern}");

        var documented = Document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_route_has_a_scope_and_it_stands_in_it()
    {
        using var context = new DaemonContext(ProgramSettings.Load(new Profile("/nowhere"), [], new Hashtable()), NoLedger.Instance);
        string[] open = ["/healthz", "/livez", "/readyz", "/openapi.json"];
        foreach (var route in ApiRoutes.Of(context))
        {
            var operation = Document["paths"]![route.Pattern]![route.Method.ToLowerInvariant()]!;
            var scopes = operation["security"]!.AsArray().Single(way => way!.AsObject().ContainsKey("token"))!["token"]!.AsArray();

            Assert.Equal(AccessScopeNames.NamesOf(route.Scope), scopes.Select(scope => (string)scope!));
            Assert.Equal(open.Contains(route.Pattern) ? 0 : 1, scopes.Count);
        }
    }

    [Fact]
    public void Every_route_takes_the_query_parameters_that_stand_in_it()
    {
        using var context = new DaemonContext(ProgramSettings.Load(new Profile("/nowhere"), [], new Hashtable()), NoLedger.Instance);
        foreach (var route in ApiRoutes.Of(context))
        {
            var parameters = Document["paths"]![route.Pattern]![route.Method.ToLowerInvariant()]!["parameters"]?.AsArray() ?? [];

            Assert.Equal(
                parameters.Where(one => (string)one!["in"]! == "query").Select(one => (string)one!["name"]!).Order(StringComparer.Ordinal),
                route.Parameters.Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public void Every_operation_has_its_name_its_path_s_parts_and_its_answers()
    {
        var names = new HashSet<string>();
        foreach (var (path, methods) in Document["paths"]!.AsObject())
        {
            foreach (var (_, operation) in methods!.AsObject())
            {
                Assert.True(names.Add((string)operation!["operationId"]!), path);
                var parts = (operation["parameters"]?.AsArray() ?? [])
                    .Where(p => (string)p!["in"]! == "path")
                    .Select(p => (string)p!["name"]!);
                Assert.Equal(path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')), parts);
                var answers = operation["responses"]!.AsObject();
                Assert.Contains(answers, answer => answer.Key[0] == '2');
                foreach (var (status, answer) in answers.Where(answer => answer.Key[0] != '2'))
                {
                    Assert.False(string.IsNullOrEmpty((string)answer!["description"]!), $"{path} {status}");
                    Assert.Equal(
                        "#/components/schemas/Problem",
                        (string)answer["content"]![ProblemDocument.ContentType]!["schema"]!["$ref"]!
                    );
                }
            }
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var used = new HashSet<string>();
        Visit(Document);

        Assert.Equal(Schemas.Select(schema => schema.Key).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));

        void Visit(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject o when o.TryGetPropertyValue("$ref", out var reference):
                    var name = ((string)reference!).Replace("#/components/schemas/", "", StringComparison.Ordinal);
                    Assert.True(Schemas.ContainsKey(name), name);
                    used.Add(name);
                    break;
                case JsonObject o:
                    foreach (var (_, value) in o)
                    {
                        Visit(value);
                    }

                    break;
                case JsonArray a:
                    foreach (var value in a)
                    {
                        Visit(value);
                    }

                    break;
            }
        }
    }

    [Theory]
    [InlineData("Accepted", typeof(AcceptedDocument))]
    [InlineData("Turn", typeof(TurnDocument))]
    [InlineData("TurnError", typeof(TurnErrorDocument))]
    [InlineData("Turns", typeof(TurnsDocument))]
    [InlineData("Agent", typeof(AgentDocument))]
    [InlineData("ThreadProblem", typeof(ThreadProblemDocument))]
    [InlineData("Agents", typeof(AgentsDocument))]
    [InlineData("UsageByDay", typeof(UsageDocument))]
    [InlineData("UsageDay", typeof(UsageDayDocument))]
    [InlineData("Usage", typeof(Usage))]
    [InlineData("Cancelled", typeof(CancelDocument))]
    [InlineData("Steered", typeof(SteerDocument))]
    [InlineData("Consumed", typeof(ConsumeDocument))]
    [InlineData("Status", typeof(StatusDocument))]
    [InlineData("StandingProblem", typeof(StandingProblemDocument))]
    [InlineData("Approval", typeof(ApprovalDocument))]
    [InlineData("Approvals", typeof(ApprovalsDocument))]
    [InlineData("ApprovalAnswered", typeof(ApprovalAnsweredDocument))]
    [InlineData("StandingProblems", typeof(StandingProblemsDocument))]
    [InlineData("Setting", typeof(SettingDocument))]
    [InlineData("Settings", typeof(SettingsDocument))]
    [InlineData("Variable", typeof(VariableDocument))]
    [InlineData("Molecule", typeof(MoleculeDocument))]
    [InlineData("DeadLetter", typeof(DeadLetterDocument))]
    [InlineData("DeadLetters", typeof(DeadLettersDocument))]
    [InlineData("Requeued", typeof(RequeuedDocument))]
    [InlineData("Health", typeof(HealthDocument))]
    [InlineData("Problem", typeof(ProblemDocument))]
    public void Every_document_has_the_fields_that_it_tells_of(string schema, Type document)
    {
        var fields = ApiJson.Default.GetTypeInfo(document)!.Properties.Select(property => property.Name);

        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            Schemas[schema]!["properties"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(typeof(TurnState), "TurnState", null)]
    [InlineData(typeof(StopReason), "StopReason", null)]
    [InlineData(typeof(TurnErrorClass), "TurnError", "class")]
    [InlineData(typeof(AgentPhase), "Agent", "state")]
    [InlineData(typeof(CancelResult), "Cancelled", "outcome")]
    [InlineData(typeof(SteerResult), "Steered", "outcome")]
    [InlineData(typeof(InboxPhase), "Molecule", "state")]
    public void Every_word_that_a_field_may_have_stands_in_it(Type words, string schema, string? field)
    {
        var place = field is null ? Schemas[schema]! : Schemas[schema]!["properties"]![field]!;

        Assert.Equal(
            Enum.GetValues(words)
                .Cast<object>()
                .Select(value => (string)JsonSerializer.SerializeToNode(value, words, ApiJson.Default)!)
                .Order(StringComparer.Ordinal),
            place["enum"]!.AsArray().Select(word => (string)word!).Order(StringComparer.Ordinal)
        );
    }
}
